/**
 * One connection as the hub sees it: a real WebSocket over TCP or a Unix-domain socket, or one end of a
 * linked pair in tests. Nothing here throws.
 */
export interface Socket {
  /** The peer's address, or `local` for a Unix-domain socket. */
  readonly address: string
  /** Bytes written and not yet taken by the operating system. */
  readonly bufferedAmount: number
  /** Writes one text frame. */
  send(text: string): void
  ping(): void
  /** Begins the closing handshake; the connection is cut if the peer does not answer it soon. */
  close(code: number, reason: string): void
  /** Cuts the connection. */
  terminate(): void
  /** The peer has authenticated: the bound on what it may send before that is lifted. */
  trust(): void
}

/** What a socket tells its connection. */
export interface SocketListener {
  text(frame: string): void
  /** A binary frame. */
  binary(): void
  pong(): void
  /** The peer sent more than a handshake may take before it had authenticated. */
  flood(): void
  /** It is over, for whatever reason. Called once. */
  closed(): void
}
