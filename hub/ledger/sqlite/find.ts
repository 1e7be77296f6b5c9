import { hubAgent } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { bound } from './bound.ts'
import { readColumns, toMessage, withBlob, type ReadRow } from './message-row.ts'
import type { Store } from './store.ts'

/** By id, among what the agent sent or may read. */
export function prepareFind({ db, epochs, spans }: Store): Operations['find'] {
  const readKind = db.prepare<[number], { sender: number; address: number; kind: 'mailbox' | 'topic' }>(
    `SELECT m.sender, m.address, a.kind FROM messages m JOIN addresses a ON a.id = m.address WHERE m.seq = ${bound}`,
  )
  const read = db.prepare<[number, number], ReadRow>(
    `SELECT ${readColumns} FROM messages m LEFT JOIN receipts r ON r.seq = m.seq AND r.reader = ${bound} ${withBlob}
     WHERE m.seq = ${bound}`,
  )
  return function find({ agent, id }) {
    const seq = epochs.seqOf(id)
    const place = seq === undefined ? undefined : readKind.get(seq)
    if (seq === undefined || !place) return undefined
    const reads = spans.covering(agent, place.address, seq) !== undefined
    if (!reads && place.sender !== agent) return undefined
    // Somebody else's receipt is not the sender's to see here.
    const reader = !reads ? -1 : place.kind === 'mailbox' ? hubAgent : agent
    const row = read.get(reader, seq)
    return row && toMessage(row, epochs)
  }
}
