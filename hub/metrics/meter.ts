import type { CloseReason, ErrorReason, ReceiptState } from '../../protocol/index.ts'
import type { Appended } from '../ledger/ledger.ts'
import type { BatchMeter } from '../ledger/metered-engine.ts'

/** How something went that the hub does by itself. */
export type Attempt = 'done' | 'failed'
/** The statuses with which a request is refused before the hub looks at what it wants [S-6]. */
export type Rejection = 400 | 403 | 503

/**
 * What is told where it happens, for whoever looks after the hub. Every verb is a plain increment: some of
 * them stand on the way of each message. None takes a name, a body or an address [S-9].
 */
export interface Meter extends BatchMeter {
  appended(appended: Appended): void
  /** A send was repeated, and answered as before [D-4]. */
  repeated(): void
  /** Milliseconds from taking a send until it was on disk, and pushed to those who are online. */
  stored(ms: number): void
  pushed(): void
  /** So many receipts have come to this state [D-6]. */
  settled(state: Exclude<ReceiptState, 'queued'>, receipts: number): void
  /** A request was answered with an error. */
  refused(reason: ErrorReason): void
  rejected(status: Rejection): void
  /** The hub closed a connection. */
  closed(reason: CloseReason): void
  swept(how: Attempt): void
  backedUp(how: Attempt): void
}
