import type { Operations } from '../operations.ts'
import type { Store } from './store.ts'

/** How the ledger does, from sums that are kept: asking costs the same whatever waits. */
export function prepareVitals(store: Store, countAgents: () => number): Operations['vitals'] {
  const { totals, oldest } = store
  return function vitals() {
    // What the batch has changed so far is only in memory.
    store.flush()
    const { mailboxes, topics, blobs, blobBytes } = totals.read()
    return {
      waiting: { mailboxes, topics },
      oldestSentAt: mailboxes + topics === 0 ? undefined : oldest.find(),
      agents: countAgents(),
      blobs: { count: blobs, bytes: blobBytes },
    }
  }
}
