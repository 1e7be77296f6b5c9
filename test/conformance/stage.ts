import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { Line } from './line.ts'
import { Stream } from './stream.ts'

/** A connection that the client under test made. */
export interface Arrival {
  readonly line: Line
  /** Milliseconds of a monotonic clock. */
  readonly at: number
  readonly protocols: readonly string[]
}

/** Where the kit plays the hub: a WebSocket on a free port of loopback. */
export class Stage {
  readonly arrivals = new Stream<Arrival>()
  readonly #server: WebSocketServer
  readonly url: string

  private constructor(server: WebSocketServer) {
    this.#server = server
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', (socket, request) => {
      const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
      this.arrivals.push({ line: new Line(socket), at: performance.now(), protocols })
    })
  }

  static async open(): Promise<Stage> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has('bellhop.v1') ? 'bellhop.v1' : false),
    })
    await once(server, 'listening')
    return new Stage(server)
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
