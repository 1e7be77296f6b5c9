import type Database from 'better-sqlite3'
import type { Address } from '../../../protocol/index.ts'
import type { Draft } from '../ledger.ts'

/** Answers the `seq`, or undefined where this `(sender, clientId)` is there already [D-4]. */
export type InsertMessage = (
  draft: Draft,
  address: number,
  to: Address,
  expiresAt: number,
  audience: number,
) => number | undefined

export function prepareInsertMessage(db: Database.Database): InsertMessage {
  const insert = db.prepare(
    `INSERT INTO messages (address, sender, sender_name, to_name, client_id, kind, content, data, reply_to, thread,
       priority, blob, sent_at, expires_at, audience)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (sender, client_id) DO NOTHING`,
  )
  return function insertMessage(draft, address, to, expiresAt, audience) {
    const { changes, lastInsertRowid } = insert.run(
      address,
      draft.sender,
      draft.senderName,
      to,
      draft.clientId,
      draft.kind,
      draft.content,
      draft.data ? JSON.stringify(draft.data) : null,
      draft.replyTo ?? null,
      draft.thread ?? null,
      draft.priority,
      draft.blob?.handle ?? null,
      draft.sentAt,
      expiresAt,
      audience,
    )
    return changes === 0 ? undefined : Number(lastInsertRowid)
  }
}
