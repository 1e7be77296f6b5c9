import { chmodSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { limits, protocolName } from '../../protocol/index.ts'
import { checkRequest, type GuardPolicy } from './guards.ts'
import { respond, type HttpFront } from './http.ts'
import type { Socket, SocketListener } from './socket.ts'
import type { WebSocketAcceptor } from './websocket.ts'

/** Where to listen. */
export type Endpoint =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

export interface ListenerOptions {
  readonly policy: GuardPolicy
  readonly front: HttpFront
  readonly acceptor: WebSocketAcceptor
  /** TCP connections of any kind, and those among them that have not authenticated. */
  readonly maxConnections: number
  readonly maxHandshakes: number
  connect(socket: Socket): SocketListener
}

/** A whole request, headers and body, may take this long: a blob over a slow line. */
const requestWithinMs = 120_000

/** How long a shutdown waits for requests over HTTP. */
const closeWithinMs = 2_000

/** One endpoint: HTTP, and upgrades to WebSocket, each checked before anything is allocated for it [S-6]. */
export class Listener {
  readonly #server: Server
  readonly #options: ListenerOptions
  readonly #handshaking = new Set<Socket>()

  constructor(options: ListenerOptions) {
    this.#options = options
    const { policy, front } = options
    this.#server = createServer(
      {
        maxHeaderSize: limits.handshakeBytes,
        headersTimeout: limits.handshakeMs,
        requestTimeout: requestWithinMs,
        connectionsCheckingInterval: 1_000,
        keepAliveTimeout: limits.handshakeMs,
      },
      (request, response) => {
        const verdict = checkRequest(request.headers, policy)
        if (verdict.ok) void front.handle(request, response)
        else respond(response, verdict.status, `${verdict.why}\n`, { connection: 'close' })
      },
    )
    this.#server.maxConnections = options.maxConnections
    this.#server.on('upgrade', (request, duplex, head) => this.#upgrade(request, duplex, head))
    // What is no HTTP at all gets Node's own 400, 408 or 431, and nobody else notices.
  }

  /** Resolves with the port, or 0 for a socket. Rejects as `listen` does. */
  open(endpoint: Endpoint): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      const listening = (): void => {
        this.#server.off('error', reject)
        // Running out of file descriptors refuses the newcomer; it does not end the hub.
        this.#server.on('error', () => undefined)
        if (endpoint.kind === 'unix') {
          chmodSync(endpoint.path, 0o600)
          resolve(0)
        } else resolve((this.#server.address() as AddressInfo).port)
      }
      if (endpoint.kind === 'tcp') this.#server.listen(endpoint.port, endpoint.host, 1_024, listening)
      else this.#server.listen(endpoint.path, 1_024, listening)
    })
  }

  /** Takes no more connections, and resolves when those there were are over. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      // A request that is still coming in would hold the hub for minutes.
      const cut = setTimeout(() => this.#server.closeAllConnections(), closeWithinMs)
      this.#server.close(() => {
        clearTimeout(cut)
        resolve()
      })
      this.#server.closeIdleConnections()
    })
  }

  #upgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    duplex.on('error', () => duplex.destroy())
    const verdict = checkRequest(request.headers, this.#options.policy)
    if (!verdict.ok) return reject(duplex, verdict.status, verdict.why)
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    if (!offered.includes(protocolName)) {
      return reject(duplex, 400, `Ask for the subprotocol ${protocolName} (Sec-WebSocket-Protocol).`)
    }
    if (this.#handshaking.size >= this.#options.maxHandshakes) {
      return reject(duplex, 503, 'Too many connections are authenticating. Try again in a few seconds.')
    }
    this.#options.acceptor.accept(request, duplex, head, {
      opened: (socket) => this.#opened(socket),
      trusted: (socket) => this.#handshaking.delete(socket),
    })
  }

  #opened(socket: Socket): SocketListener {
    this.#handshaking.add(socket)
    const peer = this.#options.connect(socket)
    return {
      text: (frame) => peer.text(frame),
      binary: () => peer.binary(),
      pong: () => peer.pong(),
      flood: () => peer.flood(),
      closed: () => {
        this.#handshaking.delete(socket)
        peer.closed()
      },
    }
  }
}

const phrases = { 400: 'Bad Request', 403: 'Forbidden', 503: 'Service Unavailable' } as const

function reject(duplex: Duplex, status: keyof typeof phrases, why: string): void {
  const body = `${why}\n`
  duplex.end(
    `HTTP/1.1 ${status} ${phrases[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
