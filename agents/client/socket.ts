import type { Endpoint } from './endpoint.ts'

/** Characters of a frame that a client takes: a page of 200 large inline messages, and ample room. */
export const frameMax = 16 * 1024 * 1024

/**
 * One WebSocket as a connection sees it: no more than the standard one and `ws` both give. Nothing here
 * throws, and after `closed` nothing is said any more.
 */
export interface Socket {
  /** Whether `pinged` is called. A standard WebSocket answers pings by itself and tells nobody. */
  readonly hearsPings: boolean
  /** Writes one text frame; one for a socket that is closing is dropped. */
  send(frame: string): void
  /** Begins the closing handshake. */
  close(): void
  /** Ends it now, as far as the runtime lets us: `closed` follows at once or in a moment. */
  cut(): void
}

/** What a socket tells its connection; never before `Dial` has returned. */
export interface SocketListener {
  opened(): void
  pinged(): void
  text(frame: string): void
  /** Once, whatever the reason, also where the socket never opened. */
  closed(end: SocketEnd): void
}

export interface SocketEnd {
  /** As in WebSocket: 1006 where no close frame came. */
  readonly code: number
  readonly reason: string
  /** What the runtime says went wrong, if it says anything. */
  readonly problem: string | undefined
  /** What to do about it, where that is known. */
  readonly next?: string | undefined
  /** No program listens there: the case in which a hub may be started. Most runtimes do not tell. */
  readonly nobodyThere: boolean
}

/** Opens a socket to a hub. Throws for an endpoint that this runtime cannot reach. Tests hand in their own. */
export type Dial = (endpoint: Endpoint, listener: SocketListener) => Socket
