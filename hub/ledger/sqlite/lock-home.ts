import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import { LedgerRefusal } from '../refusal.ts'
import { asRefusal, busyMs } from './open-database.ts'

/**
 * Takes the lock that says whose the files of a ledger are, before any of them is looked at. The database's
 * own lock cannot say it, since a restore puts another file in its place. Given back by `close`, or by the
 * end of the process; the file stays, because a lock on a file that was removed would lock out nobody.
 *
 * @throws LedgerRefusal `in_use` or `unreadable`
 */
export function lockHome(database: string): { close(): void } {
  const file = `${database}.lock`
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch (error) {
    throw new LedgerRefusal('unreadable', `${file} cannot be opened for writing: ${String(error)}`)
  }
  const db = new Database(file, { timeout: busyMs })
  try {
    // Nothing is ever written: a full disk must not keep a hub from starting, nor a kill leave a journal.
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
    return db
  } catch (error) {
    db.close()
    throw asRefusal(error, database)
  }
}
