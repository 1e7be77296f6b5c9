import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { builtPage, pageFiles } from './bundle.ts'

/** The port, unless somebody says otherwise. It does not change, so that the hub's setting stays true. */
const defaultPort = 9871

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
}

/** A page that is being served. */
export interface ServedPage {
  /** What a hub must allow. */
  readonly origin: string
  close(): Promise<void>
}

/** Serves a built page to this machine: its three files, whatever is asked, and nothing else of the disk. */
export async function servePage({
  folder = builtPage,
  port = defaultPort,
}: {
  readonly folder?: string
  readonly port?: number
} = {}): Promise<ServedPage> {
  const files = new Map<string, { readonly type: string; readonly bytes: Buffer }>()
  for (const name of pageFiles) {
    const type = mediaTypes[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    files.set(`/${name}`, { type, bytes: await readFile(join(folder, name)) })
  }
  const server = createServer(({ method, url }, response) => {
    const path = (url ?? '').split('?', 1)[0] ?? ''
    const file = files.get(path === '/' ? '/index.html' : path)
    if (method !== 'GET' && method !== 'HEAD') return answer(response, 405)
    if (!file) return answer(response, 404)
    answer(response, 200, file)
  })
  await listen(server, port)
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(response: ServerResponse, status: number, file?: { type: string; bytes: Buffer }): void {
  response.writeHead(status, {
    'content-type': file?.type ?? 'text/plain',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A page cannot say this of itself: nobody may frame it, and lead a person's clicks.
    'content-security-policy': "frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
  })
  response.end(file?.bytes)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}
