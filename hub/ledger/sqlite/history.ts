import type { AgentId } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { messageColumns, toMessage, withBlob, type MessageRow } from './message-row.ts'
import type { Store } from './store.ts'

/** Messages of one source that a filter looks at: how far back a search for a counterpart reaches. */
const examined = 10_000

interface Bounds {
  readonly agent: AgentId
  readonly before: number
  readonly with: string | null
  readonly limit: number
}

/** One index to read backwards: what was sent, what came to one address, or a thread. */
type Source<Key> = (key: Key, bounds: Bounds) => MessageRow[]

const exchangedWith = {
  sent: 'm.to_name = :with COLLATE NOCASE',
  received: `(m.sender_name = :with COLLATE NOCASE OR (m.to_name = :with COLLATE NOCASE AND m.to_name LIKE '#%'))`,
}

const isMember = `EXISTS (SELECT 1 FROM memberships s WHERE s.agent = :agent AND s.address = m.address
  AND s.since < m.seq AND (s.until IS NULL OR s.until >= m.seq))`

/** What an agent sent or received, newest first: the newest of each source, merged. */
export function prepareHistory({ db, epochs, spans }: Store): Operations['history'] {
  const sent = source<object>('m.sender = :agent', exchangedWith.sent, '1')
  const received = source<{ address: number; since: number; until: number }>(
    'm.address = :address AND m.seq > :since AND m.seq <= :until',
    exchangedWith.received,
    'm.sender <> :agent',
  )
  const inThread = source<{ thread: string }>(
    'm.thread = :thread',
    `((m.sender = :agent AND ${exchangedWith.sent}) OR (m.sender <> :agent AND ${exchangedWith.received}))`,
    `(m.sender = :agent OR ${isMember})`,
  )

  function source<Key extends object>(place: string, counterpart: string, visible: string): Source<Key> {
    const reach = db
      .prepare<[object], number>(
        `SELECT m.seq FROM messages m WHERE ${place} AND m.seq < :before ORDER BY m.seq DESC LIMIT 1 OFFSET ${examined}`,
      )
      .pluck()
    const read = db.prepare<[object], MessageRow>(
      `SELECT ${messageColumns} FROM messages m ${withBlob}
       WHERE ${place} AND m.seq < :before AND m.seq > :low AND ${visible} AND (:with IS NULL OR ${counterpart})
       ORDER BY m.seq DESC LIMIT :limit`,
    )
    return (key, bounds) => read.all({ ...key, ...bounds, low: reach.get({ ...key, ...bounds }) ?? 0 })
  }

  return function history({ agent, with: counterpart, thread, before, limit }) {
    const bounds = {
      agent,
      before: before ?? Number.MAX_SAFE_INTEGER,
      with: counterpart ?? null,
      limit: limit + 1,
    }
    const rows =
      thread === undefined
        ? [
            ...sent({}, bounds),
            ...spans
              .of(agent)
              .flatMap(({ address, since, until }) =>
                received({ address, since, until: until ?? Number.MAX_SAFE_INTEGER }, bounds),
              ),
          ].toSorted((a, b) => b.seq - a.seq)
        : inThread({ thread }, bounds)
    return { messages: rows.slice(0, limit).map((row) => toMessage(row, epochs)), more: rows.length > limit }
  }
}
