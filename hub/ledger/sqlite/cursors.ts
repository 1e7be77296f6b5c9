import type Database from 'better-sqlite3'
import type { AgentId } from '../ledger.ts'
import { bound } from './bound.ts'
import type { Counters } from './counters.ts'
import { ranks } from './ranks.ts'

/** One row of `memberships`, with the kind of its address. */
export interface Span {
  readonly agent: AgentId
  readonly address: number
  readonly kind: 'mailbox' | 'topic'
  readonly since: number
  readonly until: number | null
  readonly done: number
  readonly top: number | null
  readonly cursor: number
}

/**
 * Moves the cursors of memberships over what has been settled, once per batch for each. Every message
 * is passed once, so settling in order costs a constant amount, and reading never begins at settled mail.
 */
export interface Cursors {
  /** Something of this membership was settled. */
  touch(agent: AgentId, address: number, since: number): void
  /** Where the cursor of this membership may stand now. */
  reached(span: Span): number
  flush(): void
  reset(): void
}

/** Whose receipt to look at: a mailbox has one reader at most, so it needs no name. */
export function readerOf(span: Pick<Span, 'kind' | 'agent'>): AgentId {
  return span.kind === 'mailbox' ? (0 as AgentId) : span.agent
}

/** Whose messages are not mail: a member does not get what it sent to a topic itself. */
export function notMailFrom(span: Pick<Span, 'kind' | 'agent'>): number {
  return span.kind === 'mailbox' ? -1 : span.agent
}

/** Unsettled messages in this span; exact, and read from counters. */
export function waitingIn(span: Span, counters: Counters): number {
  const count = span.top ?? counters.get(span.address)
  return span.kind === 'mailbox' ? count : count - span.done
}

export const spanColumns = 's.agent, s.address, a.kind, s.since, s.until, s.done, s.top, s.cursor'

export function prepareCursors(db: Database.Database, counters: Counters, head: () => number): Cursors {
  const readSpan = db.prepare<[number, number, number], Span>(
    `SELECT ${spanColumns} FROM memberships s JOIN addresses a ON a.id = s.address
     WHERE s.agent = ${bound} AND s.address = ${bound} AND s.since = ${bound}`,
  )
  const firstUnsettled = db
    .prepare<[number, number, number, number, number], number>(
      `SELECT m.seq FROM messages m LEFT JOIN receipts r ON r.seq = m.seq AND r.reader = ${bound}
       WHERE m.address = ${bound} AND m.seq > ${bound} AND m.seq <= ${bound} AND m.sender <> ${bound} AND (r.rank IS NULL OR r.rank < ${ranks.shown})
       ORDER BY m.seq LIMIT 1`,
    )
    .pluck()
  const move = db.prepare('UPDATE memberships SET cursor = ? WHERE agent = ? AND address = ? AND since = ?')
  const touched = new Map<string, readonly [AgentId, number, number]>()

  function reached(span: Span): number {
    const end = span.until ?? head()
    const first =
      waitingIn(span, counters) === 0
        ? undefined
        : firstUnsettled.get(readerOf(span), span.address, span.cursor, end, notMailFrom(span))
    return Math.max(span.cursor, first === undefined ? end : first - 1)
  }

  function advance(span: Span): void {
    const cursor = reached(span)
    if (cursor > span.cursor) move.run(cursor, span.agent, span.address, span.since)
  }

  return {
    reached,
    touch(agent, address, since) {
      touched.set(`${agent} ${address} ${since}`, [agent, address, since])
    },
    flush() {
      for (const key of touched.values()) {
        const span = readSpan.get(...key)
        if (span) advance(span)
      }
      touched.clear()
    },
    reset: () => touched.clear(),
  }
}
