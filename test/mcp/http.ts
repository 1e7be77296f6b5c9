import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { onTestFinished } from 'vitest'
import { createClient } from '../../agents/client/index.ts'
import { createShim } from '../../agents/mcp/shim.ts'
import { startTestHub } from '../support/hub.ts'
import { temporaryFolder } from '../support/teardown.ts'

/** The server that assistants get over stdio, over Streamable HTTP. */
export interface HttpShims {
  readonly url: string
  /** How many sessions were begun: each with a shim of its own, as each assistant has one. */
  readonly sessions: () => number
}

/** On loopback, with a hub of its own; all ended with the test. For tools that are only given a URL. */
export async function serveShims(): Promise<HttpShims> {
  const hub = await startTestHub()
  const environment = { BELLHOP_HOME: hub.home.folder, BELLHOP_URL: hub.url }
  const cwd = temporaryFolder()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const transports = new Map<string, StreamableHTTPServerTransport>()
  const cleanups: (() => Promise<void>)[] = []
  onTestFinished(async () => {
    server.close()
    await Promise.all(cleanups.map((cleanup) => cleanup()))
    server.closeAllConnections()
  })

  async function begin(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void transports.set(id, transport),
    })
    const client = createClient({ client: { name: 'conformance', version: '0' }, environment })
    const shim = createShim({ client, home: hub.home.folder, env: environment, cwd })
    cleanups.push(shim.cleanup)
    await shim.server.connect(transport)
    return transport
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page that a browser resolved to this machine: the specification wants it turned away.
    if (request.headers.host !== host) return void response.writeHead(403).end()
    const id = request.headers['mcp-session-id']
    const transport = typeof id === 'string' ? transports.get(id) : await begin()
    if (transport) await transport.handleRequest(request, response)
    else response.writeHead(404).end()
  }

  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  return { url: `http://${host}/mcp`, sessions: () => transports.size }
}
