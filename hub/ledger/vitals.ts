/** Sums over the whole ledger. */
export interface Vitals {
  /** Unread messages: in mailboxes, and in topics once for each member. Expired ones count until they are swept. */
  readonly waiting: { readonly mailboxes: number; readonly topics: number }
  /**
   * When the first of them in the order of `seq` was sent. Undefined where nothing waits, and where a
   * bounded search has not come so far yet: it goes on the next time.
   */
  readonly oldestSentAt: number | undefined
  readonly agents: number
  readonly blobs: { readonly count: number; readonly bytes: number }
}
