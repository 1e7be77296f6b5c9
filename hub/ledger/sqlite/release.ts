import type { AgentId } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import type { Span } from './cursors.ts'
import { ranks } from './ranks.ts'
import type { Store } from './store.ts'
import type { Exit } from './topics.ts'

/** Gives a name up: nobody will read what waits in its mailboxes, so it bounces and its senders are told. */
export function prepareRelease(
  { db, counters, cursors, directory, marks, spans }: Store,
  exit: Exit,
): Operations['release'] {
  const unsettled = db.prepare<[number, number], { seq: number; sender: AgentId }>(
    `SELECT m.seq, m.sender FROM messages m LEFT JOIN receipts r ON r.seq = m.seq AND r.reader = 0
     WHERE m.address = ? AND m.seq > ? AND (r.rank IS NULL OR r.rank < ${ranks.shown})`,
  )
  const dropNames = db.prepare('DELETE FROM names WHERE agent = ?')
  const dropSessions = db.prepare('DELETE FROM sessions WHERE agent = ?')
  const retire = db.prepare('UPDATE agents SET released_at = ? WHERE id = ?')

  function bounceAll({ agent, address, since, cursor }: Span, now: number): number {
    const waiting = unsettled.all(address, cursor)
    for (const { seq, sender } of waiting) marks.end('bounced', seq, 0 as AgentId, now, sender)
    counters.add(address, -waiting.length)
    cursors.touch(agent, address, since)
    return waiting.length
  }

  return function release({ agent, now }) {
    let bounced = 0
    for (const span of spans.of(agent)) {
      if (span.kind === 'mailbox') bounced += bounceAll(span, now)
      else if (span.until === null) exit(agent, span.address)
    }
    dropNames.run(agent)
    dropSessions.run(agent)
    retire.run(now, agent)
    directory.forget()
    return bounced
  }
}
