import type { AgentId, Settled } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { prepareCountWaiting } from './count-waiting.ts'
import { readerOf, type Span } from './cursors.ts'
import type { Store } from './store.ts'

/** Moves receipts forward for messages that this agent may read [D-6]. */
export function prepareSettle(store: Store): Operations['settle'] {
  const { db, counters, cursors, epochs, marks, spans } = store
  const place = db.prepare<[number], { address: number; sender: AgentId }>(
    'SELECT address, sender FROM messages WHERE seq = ?',
  )
  const countWaiting = prepareCountWaiting(store)

  /** So many wait no longer: the count falls, and the cursor may move. Answers the membership as it is then. */
  function pass(span: Span, count: number): Span {
    if (count === 0) return span
    if (span.kind === 'mailbox') {
      counters.add(span.address, -count)
      cursors.touch(span.agent, span.address, span.since)
      return span
    }
    const passed = { ...span, done: span.done + count }
    spans.pass(passed, count, cursors.reached(passed))
    return passed
  }

  return function settle({ agent, ids, state, route, at }) {
    const moved: Settled[] = []
    const passed = new Map<Span, number>()
    const held = spans.of(agent)
    let span: Span | undefined
    for (const id of ids) {
      const seq = epochs.seqOf(id)
      const message = seq === undefined ? undefined : place.get(seq)
      if (seq === undefined || !message) continue
      const { address, sender } = message
      // Ids of one request nearly always come from one address.
      if (!span || !covers(span, address, seq)) span = held.find((each) => covers(each, address, seq))
      if (!span || (span.kind === 'topic' && sender === agent)) continue
      const reader = readerOf(span)
      const direct = span.kind === 'mailbox'
      if (state === 'offered') {
        if (marks.offer(seq, reader, at, route)) moved.push({ id, seq, sender, direct, wasUnread: false })
        continue
      }
      const shown = marks.show(seq, reader, at, state === 'shown' ? route : undefined)
      if (shown) passed.set(span, (passed.get(span) ?? 0) + 1)
      const answered = state === 'answered' && marks.answer(seq, reader, at)
      if (shown || answered) moved.push({ id, seq, sender, direct, wasUnread: shown })
    }
    const left = held.map((each) => pass(each, passed.get(each) ?? 0))
    return { moved, waiting: countWaiting(agent, left, at) }
  }
}

function covers(span: Span, address: number, seq: number): boolean {
  return span.address === address && span.since < seq && (span.until === null || seq <= span.until)
}
