import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

/** A WebSocket relay before a hub that can keep requests of one method to itself. */
export interface Toll {
  readonly url: string
  /** Requests of this method do not reach the hub until `release`; `taken` resolves with the first of them. */
  withhold(method: string): { readonly taken: Promise<unknown>; release(): void }
  /** Resolves when the connection that was made last is gone, on the hub's side too. */
  untilGone(): Promise<void>
}

export async function startToll(hubUrl: string): Promise<Toll> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'bellhop.v1' })
  await once(server, 'listening')
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  let withheld: { method: string; taken: (frame: unknown) => void } | undefined
  let gone: Promise<unknown> = Promise.resolve()
  server.on('connection', (near) => {
    const far = new WebSocket(hubUrl, 'bellhop.v1')
    const open = once(far, 'open')
    gone = once(far, 'close')
    near.on('message', (data) => {
      const text = (data as Buffer).toString()
      const frame = JSON.parse(text) as { method?: string }
      if (withheld && frame.method === withheld.method) withheld.taken(frame)
      else void open.then(() => far.send(text))
    })
    far.on('message', (data) => near.send((data as Buffer).toString()))
    for (const side of [near, far]) side.on('error', () => undefined)
    near.on('close', () => far.terminate())
    far.on('close', () => near.terminate())
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    withhold(method) {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      withheld = { method, taken: resolve }
      return { taken: promise, release: () => (withheld = undefined) }
    },
    async untilGone() {
      await gone
    },
  }
}
