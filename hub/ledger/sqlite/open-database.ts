import { closeSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { LedgerLog } from '../operations.ts'
import { LedgerRefusal } from '../refusal.ts'
import { checkForm } from './check-form.ts'
import { checkHeader, checkVersion, damaged } from './check-header.ts'
import { checkNotEmptied, checkPages, checkWithLog } from './check-pages.ts'
import { migrate, userVersion } from './migrate.ts'
import { migrations as allMigrations, type Migration } from './migrations.ts'
import { sqliteCode } from './storage-failure.ts'

/** Milliseconds to wait for another hub that is about to stop. */
export const busyMs = 2_000

/** Pages in the log before they are moved into the database (4 KiB each): larger, and stalls are rarer but longer. */
const checkpointPages = 4_000

/** KiB of pages kept in memory: room for the client ids of a million messages, which come in no order. */
const cacheKib = 32 * 1024

/** Bytes that the log keeps after it was longer. */
const logBytes = 64 * 1024 * 1024

const inMemory = ':memory:'

/**
 * Opens a ledger's database for this process alone, makes it durable, and brings it to the newest form.
 *
 * @throws LedgerRefusal before anything was written
 */
export function openDatabase(
  file: string,
  log: LedgerLog,
  migrations: readonly Migration[] = allMigrations,
): Database.Database {
  const newest = migrations.at(-1)?.version ?? 0
  let checked = file === inMemory
  if (file !== inMemory) {
    checkHeader(file, newest)
    checkNotEmptied(file)
    closeSync(openFile(file))
    checked = checkWithLog(file, migrations)
  }
  const db = new Database(file, { timeout: busyMs })
  try {
    lock(db)
    checkVersion(file, userVersion(db), newest)
    if (!checked) {
      checkPages(db, file)
      checkForm(db, file, migrations)
    }
    if (file !== inMemory) makeDurable(db)
    migrate(db, file, migrations, log)
    moveLog(db, log)
    return db
  } catch (error) {
    db.close()
    throw asRefusal(error, file)
  }
}

/** Made here and not by SQLite, because messages are nobody else's business. */
function openFile(file: string): number {
  try {
    return openSync(file, 'a', 0o600)
  } catch (error) {
    throw new LedgerRefusal('unreadable', `${file} cannot be opened for writing: ${String(error)}`)
  }
}

/**
 * Takes the lock that only the end of the process, or closing, gives back. One process alone needs no
 * shared-memory file either, which is what breaks on network file systems.
 */
function lock(db: Database.Database): void {
  db.pragma('locking_mode = EXCLUSIVE')
  db.exec('BEGIN EXCLUSIVE; COMMIT')
}

/**
 * So that the next start can read the version from the header. On a full disk the log stays where it is, and is read
 * there: a hub that could not start would keep its readers from what they have.
 */
function moveLog(db: Database.Database, log: LedgerLog): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (!/^SQLITE_(?:FULL|IOERR)/.test(sqliteCode(error) ?? '')) throw error
    log.warn({ error: String(error) }, 'the log could not be moved into the database')
  }
}

/** [D-1]; `better-sqlite3` on its own leaves a log with `synchronous = NORMAL`, which can lose commits. */
function makeDurable(db: Database.Database): void {
  const journal = db.pragma('journal_mode = WAL', { simple: true })
  db.pragma('synchronous = FULL')
  // On macOS alone, fsync leaves data in the drive's cache.
  db.pragma('fullfsync = ON')
  db.pragma('checkpoint_fullfsync = ON')
  db.pragma(`wal_autocheckpoint = ${checkpointPages}`)
  db.pragma(`cache_size = -${cacheKib}`)
  db.pragma(`journal_size_limit = ${logBytes}`)
  const synchronous = db.pragma('synchronous', { simple: true })
  if (journal !== 'wal' || synchronous !== 2) {
    throw new LedgerRefusal(
      'not_durable',
      `The database would not be durable here (journal ${String(journal)}, synchronous ${String(synchronous)}). Put the hub's home (BELLHOP_HOME) on a local disk.`,
    )
  }
}

/** What SQLite says, as a refusal that says what to do; anything else as it is. */
export function asRefusal(error: unknown, file: string): unknown {
  const code = sqliteCode(error) ?? ''
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new LedgerRefusal(
      'in_use',
      `Another hub is using ${file}. Use that one, stop it, or give this one a home of its own (BELLHOP_HOME).`,
    )
  }
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) return damaged(file, String(error))
  if (code !== '') return new LedgerRefusal('unreadable', `${file} cannot be used: ${String(error)}`)
  return error
}
