import type Database from 'better-sqlite3'
import { nameKey, type AgentName } from '../../../protocol/index.ts'

/** Makes a mailbox for a name that nobody has, so that mail can wait for whoever takes it. */
export function prepareOpenMailbox(db: Database.Database): (name: AgentName) => number {
  const addMailbox = db.prepare(`INSERT INTO addresses (kind) VALUES ('mailbox')`)
  const nameMailbox = db.prepare('INSERT OR REPLACE INTO names (name_key, name, mailbox) VALUES (?, ?, ?)')
  return function openMailbox(name) {
    const mailbox = Number(addMailbox.run().lastInsertRowid)
    nameMailbox.run(nameKey(name), name, mailbox)
    return mailbox
  }
}
