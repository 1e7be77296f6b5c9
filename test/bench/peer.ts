import type { Address } from './driver.ts'
import type { DriverName } from './drivers/index.ts'
import type { Durability } from './scenario.ts'
import type { Workshop } from './running/workshop.ts'

/**
 * A server that messages go through. One file each in `peers/`, and a row in `peers/index.ts`. Each of its
 * `drivers` makes a contender of its own in scenarios that send.
 */
export interface Peer {
  readonly id: string
  readonly label: string
  readonly durability: Durability
  /** What its figures must be read with. */
  readonly note?: string
  readonly drivers: readonly { readonly name: DriverName; readonly label: string }[]
  /** Why it cannot run on this machine, for the reader. */
  missing(): string | undefined
  /** Of the server; asked only where it is not missing. */
  version(): string
  /** Starts it on the server's core with its data in the workshop's folder; resolves when it takes connections. */
  start(workshop: Workshop): Promise<Server>
}

export interface Server {
  readonly pid: number
  readonly address: Address
  /** Ends it at once, whatever it does, and resolves when it is gone. */
  stop(): Promise<void>
}
