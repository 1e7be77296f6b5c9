import type Database from 'better-sqlite3'
import { ranks } from './ranks.ts'

/** Messages, and receipts of topics, that one search passes on its way: some 10 ms. */
const passedAtOnce = 20_000

interface Candidate {
  readonly seq: number
  readonly sentAt: number
  /** Receipts that had to be counted. */
  readonly audience: number
  readonly waits: 0 | 1
}

/** Finds the oldest message that waits for somebody. */
export interface OldestWaiting {
  /** When it was sent; undefined where a search has not come so far, which the next one goes on with. */
  find(): number | undefined
  /** Forgets everything. Call after a rollback. */
  reset(): void
}

/** Exported for the test that holds their plans: neither may go over messages but from a place on. */
export const oldestQueries = {
  /** Onwards from a place, in the order of the ledger. */
  onwards: `SELECT m.seq, m.sent_at AS sentAt, m.audience,
      CASE a.kind
        WHEN 'mailbox' THEN NOT EXISTS (
          SELECT 1 FROM receipts r WHERE r.seq = m.seq AND r.reader = 0 AND r.rank >= ${ranks.shown})
        ELSE m.swept = 0 AND m.audience > (
          SELECT count(*) FROM receipts r WHERE r.seq = m.seq AND r.rank >= ${ranks.shown})
      END AS waits
    FROM messages m JOIN addresses a ON a.id = m.address WHERE m.seq > ? ORDER BY m.seq`,
  /** A place before which nothing waits: where the first of all readers is who has something to read. */
  behind: `SELECT min(first) FROM (
      SELECT (SELECT min(m.seq) FROM messages m WHERE m.address = s.address AND m.seq > s.cursor) AS first
      FROM memberships s JOIN addresses a ON a.id = s.address
      WHERE CASE a.kind WHEN 'mailbox' THEN a.count ELSE coalesce(s.top, a.count) - s.done END > 0
      UNION ALL
      SELECT (SELECT min(m.seq) FROM messages m WHERE m.address = a.id) FROM addresses a
      WHERE a.kind = 'mailbox' AND a.owner IS NULL AND a.count > 0)`,
} as const

/**
 * What has been settled never waits again, so the search goes on where it stopped: every message is passed
 * once, and a backlog is not looked at behind its first message. A long stretch is leapt over by way of the
 * readers' cursors, of which there are as many as readers.
 */
export function prepareOldestWaiting(db: Database.Database): OldestWaiting {
  const onwards = db.prepare<[number], Candidate>(oldestQueries.onwards)
  const behind = db.prepare<[], number | null>(oldestQueries.behind).pluck()
  /** Everything up to here is settled; undefined until somebody has asked. */
  let settledTo: number | undefined

  function walk(from: number): number | undefined {
    let passed = 0
    for (const { seq, sentAt, audience, waits } of onwards.iterate(from)) {
      if (waits === 1) return sentAt
      settledTo = seq
      passed += 1 + audience
      if (passed > passedAtOnce) return undefined
    }
    return undefined
  }

  function leap(): number {
    const first = behind.get() ?? undefined
    settledTo = Math.max(settledTo ?? 0, first === undefined ? 0 : first - 1)
    return settledTo
  }

  return {
    find: () => (settledTo === undefined ? undefined : walk(settledTo)) ?? walk(leap()),
    reset: () => (settledTo = undefined),
  }
}
