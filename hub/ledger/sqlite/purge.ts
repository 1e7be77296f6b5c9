import { lte, sql } from './drizzle.ts'
import type { Operations } from '../operations.ts'
import { ranks } from './ranks.ts'
import { names, sessions } from './schema.ts'
import type { Store } from './store.ts'

/** A repeated send must be recognised for at least this long, in milliseconds [D-4]. */
const clientIdsKept = 24 * 3_600_000

/** Messages that one purge looks at for each that it may remove. */
const examinedPerRemoved = 8

interface Candidate {
  readonly seq: number
  readonly address: number
  readonly early: 0 | 1
  readonly removable: 0 | 1
}

/**
 * Forgets what was settled long ago, from the oldest on. Each call goes on where the last one stopped,
 * so a block of old mail that must stay cannot hold up what lies behind it.
 */
export function preparePurge(store: Store): Operations['purge'] {
  const { db, orm, directory } = store
  const examine = db.prepare<{ from: number; sentBefore: number; before: number; examined: number }, Candidate>(
    `SELECT m.seq, m.address, m.sent_at < :sentBefore AS early, m.sent_at < :sentBefore
       AND (m.swept = 1 OR (a.kind = 'mailbox' AND EXISTS (
         SELECT 1 FROM receipts r WHERE r.seq = m.seq AND r.rank >= ${ranks.shown})))
       AND NOT EXISTS (SELECT 1 FROM receipts r WHERE r.seq = m.seq
         AND (r.told = 0 OR coalesce(r.ended_at, r.shown_at, 0) >= :before)) AS removable
     FROM messages m JOIN addresses a ON a.id = m.address
     WHERE m.seq > :from ORDER BY m.seq LIMIT :examined`,
  )
  const removeReceipts = db.prepare('DELETE FROM receipts WHERE seq = ?')
  const removeMessage = db.prepare('DELETE FROM messages WHERE seq = ?')
  const tidy = prepareTidyAddress(store)
  const removeForwards = orm
    .delete(names)
    .where(lte(names.until, sql.placeholder('now')))
    .prepare()
  const removeSessions = orm
    .delete(sessions)
    .where(lte(sessions.expiresAt, sql.placeholder('now')))
    .prepare()
  let examinedTo = 0

  function removeMessages(now: number, before: number, limit: number): number {
    const examined = limit * examinedPerRemoved
    const sentBefore = Math.min(before, now - clientIdsKept)
    const candidates = examine.all({ from: examinedTo, sentBefore, before, examined })
    const removed = candidates.filter(({ removable }) => removable === 1).slice(0, limit)
    for (const { seq } of removed) {
      removeReceipts.run(seq)
      removeMessage.run(seq)
    }
    for (const address of new Set(removed.map(({ address }) => address))) tidy(address)
    const last = removed.length === limit ? removed.at(-1) : candidates.at(-1)
    const atEnd = !last || last.early === 0 || (removed.length < limit && candidates.length < examined)
    examinedTo = atEnd ? 0 : last.seq
    return removed.length
  }

  return function purge({ now, before, limit }) {
    const forwards = removeForwards.run({ now }).changes
    removeSessions.run({ now })
    if (forwards > 0) directory.forget()
    return removeMessages(now, before, limit)
  }
}

/** Forgets an address that nobody can read or write any more, and memberships that ended before its first message. */
function prepareTidyAddress({ db, directory }: Store): (address: number) => void {
  const removeAddress = db.prepare(
    `DELETE FROM addresses WHERE id = ? AND members = 0
       AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.address = addresses.id)
       AND NOT EXISTS (SELECT 1 FROM agents g WHERE g.id = addresses.owner AND g.released_at IS NULL)`,
  )
  const removeName = db.prepare('DELETE FROM names WHERE mailbox = ?')
  const removeMemberships = db.prepare('DELETE FROM memberships WHERE address = ?')
  const removeEnded = db.prepare(
    'DELETE FROM memberships WHERE address = ? AND until < (SELECT min(seq) FROM messages m WHERE m.address = memberships.address)',
  )
  return function tidy(address) {
    if (removeAddress.run(address).changes === 0) {
      removeEnded.run(address)
      return
    }
    removeName.run(address)
    removeMemberships.run(address)
    directory.forget()
  }
}
