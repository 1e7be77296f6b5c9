import { chmodSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { limits, protocolName } from '../../protocol/index.ts'
import type { IncidentLog } from '../incidents.ts'
import type { Meter, Rejection } from '../metrics/meter.ts'
import type { Identity } from './certificate.ts'
import { checkRequest, type GuardPolicy, type Refusal } from './guards.ts'
import { respond, type HttpFront } from './http.ts'
import { clientAddress, type ProxyCheck } from './peer-address.ts'
import { Places } from './places.ts'
import { createSecureServer, secureOptions, type SecureServer } from './secure-server.ts'
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
  /** Speaks TLS with it. */
  readonly identity?: Identity | undefined
  readonly isProxy: ProxyCheck
  readonly incidents: IncidentLog
  readonly meter: Pick<Meter, 'rejected'>
  connect(socket: Socket): SocketListener
}

/** A whole request, headers and body, may take this long: a blob over a slow line. */
const requestWithinMs = 120_000

/** How long a shutdown waits for requests over HTTP. */
const closeWithinMs = 2_000

/** What holds before and after TLS. */
const bounds = {
  maxHeaderSize: limits.handshakeBytes,
  headersTimeout: limits.handshakeMs,
  requestTimeout: requestWithinMs,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: limits.handshakeMs,
}

/** One endpoint: HTTP, and upgrades to WebSocket, each checked before anything is allocated for it [S-6]. */
export class Listener {
  readonly #server: Server | SecureServer['server']
  readonly #secure: SecureServer | undefined
  readonly #options: ListenerOptions
  readonly #places: Places

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#places = new Places(options.maxHandshakes)
    const { identity } = options
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.#answer(request, response)
    this.#secure = identity
      ? createSecureServer(bounds, identity, answer, {
          // A handshake of TLS costs more than any other: it takes a place before it begins.
          enter: (address) => this.#take(address),
          failed: (address) => options.incidents.report('a TLS handshake failed', { address }),
        })
      : undefined
    this.#server = this.#secure?.server ?? createServer(bounds, answer)
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
      this.#secure?.cutUnfinished()
    })
  }

  /** Connections that have not authenticated yet. */
  get handshakes(): number {
    return this.#places.taken
  }

  /** Newcomers get this certificate from now on; connections that are open keep theirs. */
  renew(identity: Identity): void {
    this.#secure?.server.setSecureContext(secureOptions(identity))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const verdict = checkRequest(request.headers, this.#options.policy)
    if (verdict.ok) void this.#options.front.handle(request, response)
    else {
      this.#refused(request, verdict)
      this.#options.meter.rejected(verdict.status)
      respond(response, verdict.status, `${verdict.why}\n`, { connection: 'close' })
    }
  }

  #upgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    duplex.on('error', () => duplex.destroy())
    const verdict = checkRequest(request.headers, this.#options.policy)
    if (!verdict.ok) {
      this.#refused(request, verdict)
      return this.#reject(duplex, verdict.status, verdict.why)
    }
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    if (!offered.includes(protocolName)) {
      return this.#reject(duplex, 400, `Ask for the subprotocol ${protocolName} (Sec-WebSocket-Protocol).`)
    }
    const address = clientAddress(request, this.#options.isProxy)
    const leave = this.#take(address)
    if (!leave) {
      return this.#reject(duplex, 503, 'Too many connections are authenticating. Try again in a few seconds.')
    }
    duplex.once('close', leave)
    this.#options.acceptor.accept(request, duplex, head, address, {
      opened: (socket) => this.#options.connect(socket),
      trusted: leave,
    })
  }

  #reject(duplex: Duplex, status: Rejection, why: string): void {
    this.#options.meter.rejected(status)
    reject(duplex, status, why)
  }

  #refused(request: IncomingMessage, { status }: Refusal): void {
    const { host, origin } = request.headers
    const address = clientAddress(request, this.#options.isProxy)
    this.#options.incidents.report('refused a request for its Host or Origin', { address, host, origin, status })
  }

  #take(address: string): (() => void) | undefined {
    const { isProxy, incidents } = this.#options
    const leave = this.#places.take(address, isProxy(address))
    if (!leave) incidents.report('refused a connection: too many are authenticating', { address })
    return leave
  }
}

const phrases = { 400: 'Bad Request', 403: 'Forbidden', 503: 'Service Unavailable' } as const satisfies Record<
  Rejection,
  string
>

function reject(duplex: Duplex, status: Rejection, why: string): void {
  const body = `${why}\n`
  duplex.end(
    `HTTP/1.1 ${status} ${phrases[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
