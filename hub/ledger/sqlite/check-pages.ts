import { existsSync, rmSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { LedgerRefusal } from '../refusal.ts'
import { checkForm } from './check-form.ts'
import { checkVersion, damaged } from './check-header.ts'
import { userVersion } from './migrate.ts'
import type { Migration } from './migrations.ts'
import { sqliteCode } from './storage-failure.ts'
import { witnessFile } from './witness.ts'

/** Bytes up to which a whole check at start is not felt: some 70 ms of work, on an empty ledger one. */
const checkedBytes = 16 * 1024 * 1024

/**
 * Holds the pages of a small database against each other, and its indexes against their tables. What a changed bit
 * makes of a text is nothing that SQLite could see.
 *
 * @throws LedgerRefusal `damaged`, and what SQLite throws where it cannot even read
 */
export function checkPages(db: Database.Database, file: string): void {
  db.prepare('SELECT count(*) FROM sqlite_schema').get()
  if (statSync(file).size > checkedBytes) return
  const result = db.pragma('integrity_check(1)', { simple: true })
  if (result !== 'ok') throw damaged(file, String(result))
}

/**
 * An empty database is a new one, unless something beside it says that it was not: SQLite would take it for new all
 * the same, and throw its log away. One that is gone may have been moved away to begin anew, but with its log.
 *
 * @throws LedgerRefusal `damaged`
 */
export function checkNotEmptied(file: string): void {
  if (sizeOf(file) > 0) return
  if (sizeOf(`${file}-wal`) > 0) throw damaged(file, `it is empty or missing, and its log ${file}-wal is not`)
  if (existsSync(file) && existsSync(witnessFile(file))) throw damaged(file, 'it is empty, and was not before')
  rmSync(witnessFile(file), { force: true })
}

/** 0 where there is no file. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Checks a database together with the log that a killed hub left, and writes to neither. Whoever opens both for
 * writing moves the log into the database when he closes it, even where he has found it damaged. True where that
 * was done; a log that is not there, or a disk without shared memory, leaves it to the check after the opening.
 *
 * @throws LedgerRefusal `damaged` or `newer`
 */
export function checkWithLog(file: string, migrations: readonly Migration[]): boolean {
  if (sizeOf(`${file}-wal`) === 0) return false
  const sharedMemory = `${file}-shm`
  const wasShared = existsSync(sharedMemory)
  const db = new Database(file, { readonly: true })
  try {
    checkVersion(file, userVersion(db), migrations.at(-1)?.version ?? 0)
    checkPages(db, file)
    checkForm(db, file, migrations)
    return true
  } catch (error) {
    if (error instanceof LedgerRefusal) throw error
    if (/^SQLITE_(?:CORRUPT|NOTADB)/.test(sqliteCode(error) ?? '')) throw damaged(file, String(error))
    return false
  } finally {
    db.close()
    if (!wasShared) rmSync(sharedMemory, { force: true })
  }
}
