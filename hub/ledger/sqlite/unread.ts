import type { Operations } from '../operations.ts'
import { bound } from './bound.ts'
import { prepareCountWaiting } from './count-waiting.ts'
import { notMailFrom, readerOf, waitingIn, type Span } from './cursors.ts'
import { readColumns, toMessage, withBlob, type ReadRow } from './message-row.ts'
import { ranks } from './ranks.ts'
import type { Store } from './store.ts'

/** Highest position there can be: the end of a membership that goes on. */
const noEnd = Number.MAX_SAFE_INTEGER

const isUnread = `m.address = ${bound} AND m.seq > ${bound} AND m.seq <= ${bound} AND m.sender <> ${bound} AND m.expires_at > ${bound}
  AND (r.rank IS NULL OR r.rank < ${ranks.shown})`

/**
 * Merges the memberships of an agent by reading at most `limit` from each, none beyond the place where
 * `limit` are certain. A backlog costs nothing: it is neither counted nor sorted.
 */
export function prepareUnread({ db, counters, epochs, spans }: Store): Operations['unread'] {
  const read = db.prepare<[number, number, number, number, number, number, number], ReadRow>(
    `SELECT ${readColumns} FROM messages m LEFT JOIN receipts r ON r.seq = m.seq AND r.reader = ${bound} ${withBlob}
     WHERE ${isUnread} ORDER BY m.seq LIMIT ${bound}`,
  )

  return function unread({ agent, after, limit, now }) {
    let rows: ReadRow[] = []
    let end = noEnd
    for (const span of spans.of(agent)) {
      const from = Math.max(after, span.cursor)
      const to = Math.min(end, span.until ?? noEnd)
      if (from >= to || waitingIn(span, counters) === 0) continue
      const more = read.all(readerOf(span), span.address, from, to, notMailFrom(span), now, limit)
      if (more.length === 0) continue
      rows = rows.length === 0 ? more : [...rows, ...more].toSorted((a, b) => a.seq - b.seq).slice(0, limit)
      if (rows.length === limit) end = rows[limit - 1]!.seq
    }
    return rows.map((row) => toMessage(row, epochs))
  }
}

/** Both counts come from counters; only what stands before a position in the middle is counted. */
export function prepareCountUnread(store: Store): Operations['countUnread'] {
  const { db, counters, spans } = store
  const countBetween = db
    .prepare<[number, number, number, number, number, number], number>(
      `SELECT count(*) FROM messages m LEFT JOIN receipts r ON r.seq = m.seq AND r.reader = ${bound} WHERE ${isUnread}`,
    )
    .pluck()
  const countWaiting = prepareCountWaiting(store)

  function before(span: Span, upTo: number, now: number): number {
    const end = Math.min(upTo, span.until ?? noEnd)
    if (end <= span.cursor) return 0
    return countBetween.get(readerOf(span), span.address, span.cursor, end, notMailFrom(span), now) ?? 0
  }

  return function countUnread({ agent, upTo, now }) {
    const pending = spans.of(agent).filter((span) => waitingIn(span, counters) > 0)
    const waiting = countWaiting(agent, pending, now)
    if (upTo >= store.head()) return { waiting, before: waiting }
    return { waiting, before: pending.reduce((sum, span) => sum + before(span, upTo, now), 0) }
  }
}
