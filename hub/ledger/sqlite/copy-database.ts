import { closeSync, fsyncSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { CopyProgress, LedgerCopy } from '../upkeep.ts'
import { userVersion } from './migrate.ts'

/** Pages between two looks at what waits (4 KiB each): a millisecond or two in which no batch runs. */
const pagesAtOnce = 256

/**
 * Copies a database that is in use, by the connection that holds it: what that one writes meanwhile goes
 * into both. The copy is one file that needs no other beside it.
 */
export async function copyDatabase(
  db: Database.Database,
  file: string,
  onProgress: (progress: CopyProgress) => void,
): Promise<LedgerCopy> {
  // Made here and not by SQLite, because messages are nobody else's business.
  closeSync(openSync(file, 'wx', 0o600))
  const pageBytes = Number(db.pragma('page_size', { simple: true }))
  await db.backup(file, {
    progress({ totalPages, remainingPages }) {
      onProgress({ done: (totalPages - remainingPages) * pageBytes, total: totalPages * pageBytes })
      return pagesAtOnce
    },
  })
  const copy = new Database(file)
  try {
    // Without this, whoever only reads it would leave a log beside it.
    copy.pragma('journal_mode = DELETE')
    return describe(copy)
  } finally {
    copy.close()
    sync(file)
  }
}

function describe(copy: Database.Database): LedgerCopy {
  const count = (sql: string): number => copy.prepare<[], number>(sql).pluck().get() ?? 0
  return {
    form: userVersion(copy),
    messages: count('SELECT count(*) FROM messages'),
    agents: count('SELECT count(*) FROM agents WHERE released_at IS NULL'),
    blobs: copy
      .prepare<[], { handle: string; size: number }>(
        `SELECT handle, size FROM blobs b WHERE EXISTS (SELECT 1 FROM messages m WHERE m.blob = b.handle)`,
      )
      .all(),
  }
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
