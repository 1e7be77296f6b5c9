import { protocolName } from '../../protocol/index.ts'
import { describeEndpoint, noAddress } from './endpoint.ts'
import { frameMax, type Dial, type Socket, type SocketEnd, type SocketListener } from './socket.ts'

/** The part of the standard WebSocket that is used here; browsers, Deno, Bun and Node have it. */
export interface StandardWebSocket {
  send(text: string): void
  close(code?: number): void
  addEventListener(type: 'open', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'error', listener: (event: object) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void
}
export type WebSocketConstructor = new (url: string, protocols: string) => StandardWebSocket

/** Dials with a standard WebSocket. */
export function standardDial(webSocket: WebSocketConstructor): Dial {
  return (endpoint, listener) => {
    if (endpoint.kind !== 'tcp') throw noAddress(describeEndpoint(endpoint), 'Use ws://host:port or wss://host here.')
    return new StandardSocket(new webSocket(endpoint.url.href, protocolName), listener)
  }
}

class StandardSocket implements Socket {
  readonly hearsPings = false
  readonly #webSocket: StandardWebSocket
  readonly #listener: SocketListener
  #problem: string | undefined = 'the connection could not be made'
  #isOver = false

  constructor(webSocket: StandardWebSocket, listener: SocketListener) {
    this.#webSocket = webSocket
    this.#listener = listener
    webSocket.addEventListener('open', () => {
      this.#problem = undefined
      if (!this.#isOver) listener.opened()
    })
    webSocket.addEventListener('message', ({ data }) => this.#received(data))
    webSocket.addEventListener('error', (event) => {
      // Browsers keep it to themselves; others say why.
      if ('message' in event && typeof event.message === 'string' && event.message !== '') this.#problem = event.message
    })
    webSocket.addEventListener('close', ({ code, reason }) => this.#over({ code, reason, problem: this.#problem }))
  }

  send(frame: string): void {
    this.#webSocket.send(frame)
  }

  close(): void {
    this.#webSocket.close(1000)
  }

  /** A dead peer keeps the standard's closing handshake waiting for a minute or so; nobody waits here. */
  cut(): void {
    this.#webSocket.close(1000)
    this.#over({ code: 1006, reason: '', problem: this.#problem })
  }

  #received(data: unknown): void {
    if (this.#isOver || typeof data !== 'string') return
    if (data.length <= frameMax) return this.#listener.text(data)
    this.#problem = 'it sent a frame that is too large'
    this.cut()
  }

  #over(end: Omit<SocketEnd, 'nobodyThere'>): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listener.closed({ ...end, nobodyThere: false })
  }
}
