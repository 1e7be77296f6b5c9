import type { AgentId, Settled } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { readerOf, type Span } from './cursors.ts'
import type { Store } from './store.ts'

/** Moves receipts forward for messages that this agent may read [D-6]. */
export function prepareSettle({ db, counters, cursors, epochs, marks, spans }: Store): Operations['settle'] {
  const place = db.prepare<[number], { address: number; sender: AgentId }>(
    'SELECT address, sender FROM messages WHERE seq = ?',
  )

  /** It waits no longer: the count falls, and the cursor may move. */
  function countSettled(span: Span): void {
    if (span.kind === 'mailbox') counters.add(span.address, -1)
    else spans.addDone(span)
    cursors.touch(span.agent, span.address, span.since)
  }

  return function settle({ agent, ids, state, route, at }) {
    const moved: Settled[] = []
    let span: Span | undefined
    for (const id of ids) {
      const seq = epochs.seqOf(id)
      const message = seq === undefined ? undefined : place.get(seq)
      if (seq === undefined || !message) continue
      const { address, sender } = message
      // Ids of one request nearly always come from one address.
      if (!span || span.address !== address || !isIn(span, seq)) span = spans.covering(agent, address, seq)
      if (!span || (span.kind === 'topic' && sender === agent)) continue
      const reader = readerOf(span)
      const direct = span.kind === 'mailbox'
      if (state === 'offered') {
        if (marks.offer(seq, reader, at, route)) moved.push({ id, seq, sender, direct, wasUnread: false })
        continue
      }
      const shown = marks.show(seq, reader, at, state === 'shown' ? route : undefined)
      if (shown) countSettled(span)
      const answered = state === 'answered' && marks.answer(seq, reader, at)
      if (shown || answered) moved.push({ id, seq, sender, direct, wasUnread: shown })
    }
    return moved
  }
}

function isIn({ since, until }: Span, seq: number): boolean {
  return since < seq && (until === null || seq <= until)
}
