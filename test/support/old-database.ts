import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** A row as claude-ipc-mcp stores it; what is left out has the defaults of that project. */
export interface OldRow {
  readonly from_id: unknown
  readonly to_id: unknown
  readonly content: unknown
  readonly timestamp?: unknown
  readonly data?: unknown
  readonly summary?: unknown
  readonly large_file_path?: unknown
  readonly read_flag?: unknown
}

export interface OldData {
  readonly messages?: readonly OldRow[]
  readonly instances?: Readonly<Record<string, string>>
  readonly renames?: readonly (readonly [from: string, to: string, at: string])[]
}

/** Local time without a zone, as Python's isoformat writes it. */
export function oldTime(instant: number): string {
  const date = new Date(instant - new Date(instant).getTimezoneOffset() * 60_000)
  return `${date.toISOString().slice(0, -1)}123`
}

/** A data folder of claude-ipc-mcp. Columns are as tolerant as SQLite is, so that rows may be broken. */
export function writeOldDatabase(folder: string, { messages = [], instances = {}, renames = [] }: OldData): void {
  mkdirSync(join(folder, 'large-messages'), { recursive: true, mode: 0o700 })
  const db = new Database(join(folder, 'messages.db'))
  db.exec(`
    CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY AUTOINCREMENT, from_id TEXT, to_id TEXT, content TEXT,
      timestamp TEXT, data TEXT, summary TEXT, large_file_path TEXT, read_flag INTEGER DEFAULT 0);
    CREATE TABLE IF NOT EXISTS instances (instance_id TEXT PRIMARY KEY, last_seen TEXT);
    CREATE TABLE IF NOT EXISTS sessions (session_token_hash TEXT PRIMARY KEY, instance_id TEXT, created_at TEXT, expires_at TEXT);
    CREATE TABLE IF NOT EXISTS name_history (old_name TEXT, new_name TEXT, changed_at TEXT);`)
  const addMessage = db.prepare(
    `INSERT INTO messages (from_id, to_id, content, timestamp, data, summary, large_file_path, read_flag)
     VALUES (:from_id, :to_id, :content, :timestamp, :data, :summary, :large_file_path, :read_flag)`,
  )
  const blank = { timestamp: oldTime(Date.now()), data: null, summary: null, large_file_path: null, read_flag: 0 }
  const addInstance = db.prepare('INSERT OR REPLACE INTO instances VALUES (?, ?)')
  const addRename = db.prepare('INSERT INTO name_history VALUES (?, ?, ?)')
  db.transaction(() => {
    for (const row of messages) addMessage.run({ ...blank, ...row })
    for (const [name, lastSeen] of Object.entries(instances)) addInstance.run(name, lastSeen)
    for (const rename of renames) addRename.run(...rename)
  })()
  db.close()
  chmodSync(join(folder, 'messages.db'), 0o600)
}

/** Writes a large message's file as that project does; answers the path for its row. */
export function writeLargeFile(folder: string, name: string, content: string): string {
  const path = join(folder, 'large-messages', name)
  mkdirSync(join(folder, 'large-messages'), { recursive: true, mode: 0o700 })
  const header = [
    '# IPC Message',
    'From: anna',
    'To: fred',
    'Time: 2026-11-01T10:00:00',
    'Size: 20.0KB',
    '',
    '## Content',
  ]
  writeFileSync(path, `${header.join('\n')}\n${content}\n`, { mode: 0o600 })
  return path
}
