import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Why nothing could be read: `message` says what is wrong, `next` what to do. */
export class OldDatabaseProblem extends Error {
  override readonly name = 'OldDatabaseProblem'
  readonly next: string
  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}

/** A row as it stands there. SQLite holds any type in any column, so nothing is taken for granted. */
export interface OldMessage {
  readonly row: number
  readonly from: unknown
  readonly to: unknown
  readonly content: unknown
  readonly time: unknown
  readonly data: unknown
  readonly file: unknown
  readonly read: unknown
}

export interface OldDatabase {
  readonly folder: string
  readonly total: number
  readonly instances: readonly { readonly name: unknown; readonly lastSeen: unknown }[]
  readonly renames: readonly { readonly from: unknown; readonly to: unknown; readonly at: unknown }[]
  /** The next rows behind one, in the order in which they were sent. */
  page(after: number, limit: number): OldMessage[]
  /** The last row that names this file: later ones overwrote it. */
  lastRowWithFile(file: string): number
  close(): void
}

const fileName = 'messages.db'
/** What SQLite may have put beside it, and needs to read it right. */
const companions = ['-wal', '-journal']
/** Attempts at a copy during which nothing was written there. */
const attempts = 5

/**
 * Reads the database of claude-ipc-mcp from a private copy, so that nothing is written or locked there,
 * whatever state it is in and whoever uses it. Throws `OldDatabaseProblem`.
 */
export function openOldDatabase(folder: string): OldDatabase {
  const file = join(folder, fileName)
  if (!existsSync(file)) {
    throw new OldDatabaseProblem(
      `There is no database of claude-ipc-mcp in ${folder} (${fileName}).`,
      'Give the folder where it is with --from.',
    )
  }
  const copyFolder = mkdtempSync(join(tmpdir(), 'bellhop-import-'))
  const discard = (): void => rmSync(copyFolder, { recursive: true, force: true })
  let db: Database.Database | undefined
  try {
    const copy = join(copyFolder, fileName)
    copyWhileQuiet(file, copy)
    db = new Database(copy)
    return read(db, folder, discard)
  } catch (error) {
    db?.close()
    discard()
    throw explain(error, file)
  }
}

function read(db: Database.Database, folder: string, discard: () => void): OldDatabase {
  // Takes up what a killed broker left, in the copy; from here on it is only read.
  const found = db.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw damaged(join(folder, fileName), String(found))
  db.pragma('query_only = ON')
  const columns = columnsOf(db, 'messages')
  if (!['from_id', 'to_id', 'content'].every((name) => columns.has(name))) {
    throw new OldDatabaseProblem(
      `${join(folder, fileName)} is no database of claude-ipc-mcp: it has no table "messages" with from_id, to_id and content.`,
      'Give the folder where claude-ipc-mcp keeps its data with --from.',
    )
  }
  const page = db.prepare<[number, number], OldMessage>(
    `SELECT rowid AS "row", from_id AS "from", to_id AS "to", content, ${optional(columns, 'timestamp')} AS "time",
       ${optional(columns, 'data')} AS data, ${optional(columns, 'large_file_path')} AS file,
       ${optional(columns, 'read_flag')} AS "read"
     FROM messages WHERE rowid > ? ORDER BY rowid LIMIT ?`,
  )
  const lastWithFile = columns.has('large_file_path')
    ? db.prepare<[string], number>('SELECT max(rowid) FROM messages WHERE large_file_path = ?').pluck()
    : undefined
  return {
    folder,
    total: db.prepare<[], number>('SELECT count(*) FROM messages').pluck().get() ?? 0,
    instances: rowsOf(db, 'instances', { name: 'instance_id', lastSeen: 'last_seen' }),
    renames: rowsOf(db, 'name_history', { from: 'old_name', to: 'new_name', at: 'changed_at' }),
    page: (after, limit) => page.all(after, limit),
    lastRowWithFile: (file) => lastWithFile?.get(file) ?? 0,
    close() {
      db.close()
      discard()
    },
  }
}

/** All of a small table; nothing where it, or what it is read for, is not there. */
function rowsOf<K extends string>(
  db: Database.Database,
  table: string,
  wanted: Readonly<Record<K, string>>,
): Record<K, unknown>[] {
  const columns = columnsOf(db, table)
  const entries = Object.entries<string>(wanted)
  if (!columns.has(entries[0]![1])) return []
  const list = entries.map(([name, column]) => `${optional(columns, column)} AS "${name}"`)
  return db.prepare<[], Record<K, unknown>>(`SELECT ${list.join(', ')} FROM ${table}`).all()
}

function columnsOf(db: Database.Database, table: string): Set<string> {
  return new Set(db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table))
}

function optional(columns: ReadonlySet<string>, column: string): string {
  return columns.has(column) ? column : 'NULL'
}

/** Between two looks nothing may have changed: half of a write would read as damage. */
function copyWhileQuiet(file: string, copy: string): void {
  const files = ['', ...companions]
  for (let attempt = 1; ; attempt += 1) {
    const before = files.map((suffix) => stamp(file + suffix))
    for (const suffix of files) {
      rmSync(copy + suffix, { force: true })
      if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix)
    }
    if (files.every((suffix, index) => stamp(file + suffix) === before[index])) return
    if (attempt === attempts) {
      throw new OldDatabaseProblem(
        `${file} is being written all the time.`,
        'Stop what uses claude-ipc-mcp, then run this again.',
      )
    }
  }
}

function stamp(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'none'
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof OldDatabaseProblem) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^SQLITE_(NOTADB|CORRUPT|CANTOPEN|IOERR)/.test(code)) return damaged(file, String(error))
  if (code.startsWith('E')) {
    return new OldDatabaseProblem(`${file} cannot be read (${code}).`, 'Run this as the user whose file it is.')
  }
  return error
}

function damaged(file: string, problem: string): OldDatabaseProblem {
  return new OldDatabaseProblem(
    `${file} is damaged, or no database (${problem}). It was left as it is.`,
    'Put a copy from a backup beside its large-messages folder, and give that folder with --from.',
  )
}
