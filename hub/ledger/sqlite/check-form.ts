import Database from 'better-sqlite3'
import { damaged } from './check-header.ts'
import { userVersion } from './migrate.ts'
import type { Migration } from './migrations.ts'

/**
 * Holds the tables and indexes against those that the migrations make. SQLite takes any description for good, also
 * one in which a bit has changed, and another program's.
 *
 * @throws LedgerRefusal `damaged`
 */
export function checkForm(db: Database.Database, file: string, migrations: readonly Migration[]): void {
  const version = userVersion(db)
  const made = new Database(':memory:')
  try {
    for (const migration of migrations) if (migration.version <= version) made.exec(migration.sql)
    if (formOf(db) !== formOf(made)) throw damaged(file, `its tables are not those of form ${version}`)
  } finally {
    made.close()
  }
}

function formOf(db: Database.Database): string {
  // Statistics, which SQLite's own programs may have left, are no part of it.
  const described = db.prepare(
    `SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name`,
  )
  return JSON.stringify(described.all())
}
