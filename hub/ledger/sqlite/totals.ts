import type Database from 'better-sqlite3'

/** Sums over the whole ledger. */
export interface Sums {
  /** Unread messages in mailboxes. */
  mailboxes: number
  /** Unread messages in topics, once for each member who has not read them. */
  topics: number
  blobs: number
  blobBytes: number
}

/**
 * Sums that are asked for often: read from the tables once, when somebody first asks, and kept up from
 * then on by whoever changes them. So a backlog is never counted, and a hub that nobody asks starts as fast.
 */
export interface Totals {
  add(sum: keyof Sums, by: number): void
  /** Only while nothing of a batch is left to be written. */
  read(): Readonly<Sums>
  /** Forgets everything. Call after a rollback. */
  reset(): void
}

/** Exported for the test that holds their plans to addresses and memberships, which a backlog does not lengthen. */
export const sumQueries = {
  mailboxes: `SELECT coalesce(sum(count), 0) FROM addresses WHERE kind = 'mailbox'`,
  topics: `SELECT coalesce(sum(coalesce(s.top, a.count) - s.done), 0)
    FROM memberships s JOIN addresses a ON a.id = s.address WHERE a.kind = 'topic'`,
  blobs: 'SELECT count(*) FROM blobs',
  blobBytes: 'SELECT coalesce(sum(size), 0) FROM blobs',
} as const satisfies Record<keyof Sums, string>

export function prepareTotals(db: Database.Database): Totals {
  const sum = (query: string): number => db.prepare<[], number>(query).pluck().get() ?? 0
  let sums: Sums | undefined
  return {
    add(name, by) {
      if (sums) sums[name] += by
    },
    read: () =>
      (sums ??= {
        mailboxes: sum(sumQueries.mailboxes),
        topics: sum(sumQueries.topics),
        blobs: sum(sumQueries.blobs),
        blobBytes: sum(sumQueries.blobBytes),
      }),
    reset: () => (sums = undefined),
  }
}
