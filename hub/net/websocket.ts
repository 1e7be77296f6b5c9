import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { limits, protocolName } from '../../protocol/index.ts'
import type { Socket, SocketListener } from './socket.ts'

/** How long a peer may take to answer a close frame. */
const closeWithinMs = 2_000
/** Data events that a frame may arrive in: bounds what a peer can make the receiver hold in crumbs. */
const maxBufferedChunks = 8_192
/** No client of ours fragments; a few fragments are what a foreign library may make of a large frame. */
const maxFragments = 64
/** Bytes that are gathered into one write at most: what waits here has not been offered to the operating system. */
const gatherBytes = 64 * 1024

/** Who wants the sockets. */
export interface SocketHost {
  opened(socket: Socket): SocketListener
  /** The peer has authenticated. */
  trusted(): void
}

/** Takes HTTP upgrades over and hands out sockets. The only file that knows `ws`. */
export class WebSocketAcceptor {
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.frameBytes,
    maxBufferedChunks,
    maxFragments,
    // Compression costs memory and time for each connection, and short texts do not shrink.
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(protocolName) ? protocolName : false),
  })

  /** `address`: whom limits by address count. */
  accept(request: IncomingMessage, duplex: Duplex, head: Buffer, address: string, host: SocketHost): void {
    this.#server.handleUpgrade(request, duplex, head, (webSocket) => {
      const socket = new WebSocketSocket(webSocket, duplex, address, () => host.trusted())
      socket.attach(host.opened(socket))
    })
  }
}

class WebSocketSocket implements Socket {
  readonly address: string
  readonly #webSocket: WebSocket
  readonly #duplex: Duplex
  readonly #trusted: () => void
  #untrustedBytes = 0
  #count: ((chunk: Buffer) => void) | undefined
  #gathering = false

  constructor(webSocket: WebSocket, duplex: Duplex, address: string, trusted: () => void) {
    this.#webSocket = webSocket
    this.#duplex = duplex
    this.address = address
    this.#trusted = trusted
  }

  get bufferedAmount(): number {
    return this.#webSocket.bufferedAmount
  }

  attach(listener: SocketListener): void {
    this.#webSocket.on('message', (data, isBinary) => {
      if (isBinary || !Buffer.isBuffer(data)) listener.binary()
      else listener.text(data.toString('utf8'))
    })
    this.#webSocket.on('pong', () => listener.pong())
    this.#webSocket.on('close', () => listener.closed())
    // The close event follows, and says all that matters: the peer broke the protocol or went away.
    this.#webSocket.on('error', () => undefined)
    // Bytes are counted as they come in, before the WebSocket layer puts frames together [S-6].
    this.#count = (chunk) => {
      this.#untrustedBytes += chunk.length
      if (this.#untrustedBytes > limits.handshakeBytes) {
        this.#stopCounting()
        listener.flood()
      }
    }
    this.#duplex.prependListener('data', this.#count)
  }

  trust(): void {
    this.#stopCounting()
    this.#trusted()
  }

  send(text: string): void {
    this.#gather()
    // A socket that is closing drops the frame; its callback would only say so.
    this.#webSocket.send(text, () => undefined)
    if (this.#duplex.writableLength >= gatherBytes) this.#release()
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping()
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
    const cut = setTimeout(() => this.#webSocket.terminate(), closeWithinMs)
    cut.unref()
    this.#webSocket.once('close', () => clearTimeout(cut))
  }

  terminate(): void {
    this.#webSocket.terminate()
  }

  /** Frames of one turn leave in one system call: under load, that call is most of what a frame costs. */
  #gather(): void {
    if (this.#gathering) return
    this.#gathering = true
    this.#duplex.cork()
    process.nextTick(() => this.#release())
  }

  #release(): void {
    if (!this.#gathering) return
    this.#gathering = false
    this.#duplex.uncork()
  }

  #stopCounting(): void {
    if (this.#count) this.#duplex.off('data', this.#count)
    this.#count = undefined
  }
}
