import { hubAgent, type AgentId } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import type { Store } from './store.ts'

/** Receipts that one sweep may write; a topic with many members takes several sweeps. */
const receiptsWritten = 20_000

interface Due {
  readonly seq: number
  readonly address: number
  readonly sender: AgentId
  readonly kind: 'mailbox' | 'topic'
  readonly owner: AgentId | null
}

/** Ends what is past its time to live and has not been shown to its reader [D-6]. */
export function prepareExpire({ db, counters, cursors, marks, spans }: Store): Operations['expire'] {
  const due = db.prepare<[number, number], Due>(
    `SELECT m.seq, m.address, m.sender, a.kind, a.owner FROM messages m JOIN addresses a ON a.id = m.address
     WHERE m.swept = 0 AND m.expires_at <= ? ORDER BY m.expires_at LIMIT ?`,
  )
  const readers = db.prepare<[number, number, number, number, number], { agent: AgentId; since: number }>(
    `SELECT agent, since FROM memberships
     WHERE address = ? AND since < ? AND (until IS NULL OR until >= ?) AND agent <> ? AND cursor < ?`,
  )
  const sweep = db.prepare('UPDATE messages SET swept = 1 WHERE seq = ?')

  function expireForMembers({ seq, address, sender }: Due, now: number): number {
    let ended = 0
    for (const { agent, since } of readers.all(address, seq, seq, sender, seq)) {
      if (!marks.end('expired', seq, agent, now, sender)) continue
      spans.addDone({ agent, address, since })
      cursors.touch(agent, address, since)
      ended += 1
    }
    return ended
  }

  function expireInMailbox({ seq, address, sender, owner }: Due, now: number): number {
    if (!marks.end('expired', seq, hubAgent, now, sender)) return 0
    counters.add(address, -1)
    if (owner !== null) cursors.touch(owner, address, 0)
    return 1
  }

  return function expire({ now, limit }) {
    let taken = 0
    let written = 0
    for (const message of due.all(now, limit)) {
      if (written >= receiptsWritten) break
      written += message.kind === 'topic' ? expireForMembers(message, now) : expireInMailbox(message, now)
      sweep.run(message.seq)
      taken += 1
    }
    return taken
  }
}
