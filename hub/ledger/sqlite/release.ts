import type { AgentId } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { bound } from './bound.ts'
import { notMailFrom, readerOf, type Span } from './cursors.ts'
import { ranks } from './ranks.ts'
import type { Store } from './store.ts'
import type { Exit } from './topics.ts'

/** Gives a name up: nobody will read what waits for it, mail of topics too, so it bounces and its senders are told. */
export function prepareRelease(
  { db, counters, cursors, directory, head, marks, spans }: Store,
  exit: Exit,
): Operations['release'] {
  const unsettled = db.prepare<[number, number, number, number, number], { seq: number; sender: AgentId }>(
    `SELECT m.seq, m.sender FROM messages m LEFT JOIN receipts r ON r.seq = m.seq AND r.reader = ${bound}
     WHERE m.address = ${bound} AND m.seq > ${bound} AND m.seq <= ${bound} AND m.sender <> ${bound}
       AND (r.rank IS NULL OR r.rank < ${ranks.shown})`,
  )
  const dropNames = db.prepare('DELETE FROM names WHERE agent = ?')
  const dropSessions = db.prepare('DELETE FROM sessions WHERE agent = ?')
  const retire = db.prepare('UPDATE agents SET released_at = ? WHERE id = ?')

  function bounceAll(span: Span, now: number): number {
    const { agent, address, since, cursor, until } = span
    const reader = readerOf(span)
    const waiting = unsettled.all(reader, address, cursor, until ?? head(), notMailFrom(span))
    for (const { seq, sender } of waiting) {
      marks.end('bounced', seq, reader, now, sender)
      if (span.kind === 'mailbox') counters.add(address, -1)
      else spans.addDone(span)
    }
    cursors.touch(agent, address, since)
    return waiting.length
  }

  return function release({ agent, now }) {
    let bounced = 0
    for (const span of spans.of(agent)) {
      if (span.kind === 'topic' && span.until === null) exit(agent, span.address)
      bounced += bounceAll(span, now)
    }
    dropNames.run(agent)
    dropSessions.run(agent)
    retire.run(now, agent)
    directory.forget()
    return bounced
  }
}
