import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { parseExposition } from './parse.ts'

export interface Scraped {
  readonly status: number
  readonly text: string
  readonly contentType: string | undefined
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks for the metrics of a hub: on its socket, or at its `ws://` address. */
export function scrape(
  hub: { socket: string } | { url: string },
  { method = 'GET', headers = {} }: Asked = {},
): Promise<Scraped> {
  const to =
    'socket' in hub
      ? { socketPath: hub.socket }
      : { host: new URL(hub.url).hostname, port: Number(new URL(hub.url).port) }
  return new Promise((resolve, reject) => {
    request({ ...to, method, path: '/metrics', agent: false, headers: { ...headers } }, (incoming) => {
      text(incoming).then(
        (text) => resolve({ status: incoming.statusCode ?? 0, text, contentType: incoming.headers['content-type'] }),
        reject,
      )
    })
      .on('error', reject)
      .end()
  })
}

/** Every sample of a hub now, by name and labels. */
export async function samplesOf(hub: { readonly socket: string | undefined }): Promise<Map<string, number>> {
  const { text } = await scrape({ socket: hub.socket! })
  return new Map([...parseExposition(text).values()].flatMap(({ samples }) => [...samples]))
}
