import { chmodSync, closeSync, openSync, renameSync, rmSync } from 'node:fs'
import type Database from 'better-sqlite3'
import type { LedgerLog } from '../operations.ts'
import { applicationId } from './check-header.ts'
import type { Migration } from './migrations.ts'

/**
 * Brings a database to the newest form, in one transaction, after a copy of it was put beside it. The
 * caller holds the exclusive lock, so two hubs that start together cannot both do this.
 */
export function migrate(db: Database.Database, file: string, migrations: readonly Migration[], log: LedgerLog): void {
  const version = userVersion(db)
  const missing = migrations.filter((migration) => migration.version > version)
  const newest = missing.at(-1)
  if (!newest) return
  if (version > 0) {
    const copy = backUp(db, file, version)
    log.info({ copy, from: version, to: newest.version }, 'the database was copied before it is changed')
  }
  db.transaction(() => {
    for (const { sql } of missing) db.exec(sql)
    db.pragma(`application_id = ${applicationId}`)
    db.pragma(`user_version = ${newest.version}`)
  })()
}

export function userVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/** The copy gets its name only when it is complete. */
function backUp(db: Database.Database, file: string, version: number): string {
  const copy = `${file}.before-v${version + 1}`
  const partial = `${copy}.partial`
  rmSync(partial, { force: true })
  // VACUUM INTO takes an empty file, and it should be readable by nobody else from the start.
  closeSync(openSync(partial, 'wx', 0o600))
  db.prepare('VACUUM INTO ?').run(partial)
  chmodSync(partial, 0o600)
  renameSync(partial, copy)
  return copy
}
