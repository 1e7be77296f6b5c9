import type { AgentId } from '../ledger.ts'
import { bound } from './bound.ts'
import { waitingIn, type Span } from './cursors.ts'
import { ranks } from './ranks.ts'
import type { Store } from './store.ts'

/** Expired messages that were not swept yet, as far as a count looks at them. */
const lapsedCounted = 1_000

/** How much an agent has not read, by its memberships. Read from counters, whatever the backlog. */
export function prepareCountWaiting({
  db,
  counters,
}: Store): (agent: AgentId, spans: readonly Span[], now: number) => number {
  // Counters fall when expired messages are swept; until then, these have to be taken off.
  const countLapsed = db
    .prepare<[number, number], number>(
      `SELECT count(*)
       FROM (SELECT seq, address, sender FROM messages WHERE swept = 0 AND expires_at <= ${bound} LIMIT ${lapsedCounted}) m
       JOIN addresses a ON a.id = m.address
       JOIN memberships s ON s.agent = ${bound} AND s.address = m.address
         AND s.since < m.seq AND (s.until IS NULL OR s.until >= m.seq)
       LEFT JOIN receipts r ON r.seq = m.seq AND r.reader = CASE a.kind WHEN 'mailbox' THEN 0 ELSE s.agent END
       WHERE (a.kind = 'mailbox' OR m.sender <> s.agent) AND (r.rank IS NULL OR r.rank < ${ranks.shown})`,
    )
    .pluck()

  return function countWaiting(agent, spans, now) {
    const waiting = spans.reduce((sum, span) => sum + waitingIn(span, counters), 0)
    return waiting === 0 ? 0 : waiting - (countLapsed.get(now, agent) ?? 0)
  }
}
