/** How a driver finds its server. What `home` is, is between a peer and its driver. */
export interface Address {
  readonly url: string
  readonly home?: string
}

/**
 * A peer's own Node client, as the load process uses it. One file each in `drivers/`, and a row in
 * `drivers/index.ts`. Mail is acknowledged by the driver as soon as `received` returns.
 */
export interface Driver {
  /** Takes a name, and resolves when mail to it would arrive. `received` is called once for each message. */
  join(name: string, received: Received): Promise<Participant>
}

export type Received = (body: string) => void

export interface Participant {
  /** Resolves when the server has answered that it has the message; rejects where it refused. */
  send(to: string, body: string): Promise<void>
  /** Sends to everyone who has joined but the sender; absent where the peer has no such thing. */
  broadcast?(body: string): Promise<void>
  leave(): Promise<void>
}
