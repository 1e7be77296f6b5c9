/** Why a ledger does not open. */
export type RefusalKind = 'in_use' | 'newer' | 'damaged' | 'foreign' | 'not_durable' | 'unreadable'

/**
 * The ledger does not open, and nothing was written. `message` says what to do: it is meant for the
 * person who started the hub.
 */
export class LedgerRefusal extends Error {
  override readonly name = 'LedgerRefusal'
  readonly kind: RefusalKind
  constructor(kind: RefusalKind, message: string) {
    super(message)
    this.kind = kind
  }
}
