import type Database from 'better-sqlite3'
import type { Totals } from './totals.ts'

/** Addresses whose count is kept in memory; above it all are forgotten and read again. */
const countersKept = 20_000

/**
 * The `count` of each address, written back once per batch: five hundred messages to one mailbox cost
 * one update of its row.
 */
export interface Counters {
  get(address: number): number
  /** A mailbox: so many more messages wait in it, or fewer. */
  add(address: number, by: number): void
  /** A topic: one more message was ever sent to it, and waits for each of so many members. */
  post(address: number, members: number): void
  /** Writes what changed. Call before the commit. */
  flush(): void
  /** Forgets everything. Call after a rollback. */
  reset(): void
}

export function prepareCounters(db: Database.Database, totals: Totals): Counters {
  const read = db.prepare<[number], number>('SELECT count FROM addresses WHERE id = ?').pluck()
  const write = db.prepare('UPDATE addresses SET count = ? WHERE id = ?')
  const known = new Map<number, number>()
  const changed = new Set<number>()

  function get(address: number): number {
    let count = known.get(address)
    if (count === undefined) {
      count = read.get(address) ?? 0
      known.set(address, count)
    }
    return count
  }

  function change(address: number, by: number): void {
    known.set(address, get(address) + by)
    changed.add(address)
  }

  return {
    get,
    add(address, by) {
      change(address, by)
      totals.add('mailboxes', by)
    },
    post(address, members) {
      change(address, 1)
      totals.add('topics', members)
    },
    flush() {
      for (const address of changed) write.run(known.get(address), address)
      changed.clear()
      if (known.size > countersKept) known.clear()
    },
    reset() {
      known.clear()
      changed.clear()
    },
  }
}
