import type { Address, AgentName } from '../../../protocol/index.ts'
import type { AgentId } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { ranks } from './ranks.ts'
import { excerptLength } from './receipts.ts'
import type { Store } from './store.ts'

interface TroubleRow {
  readonly seq: number
  readonly rank: number
  readonly sender: AgentId
  readonly to: Address
  readonly sentAt: number
  readonly excerpt: string
}

/** Bad ends that senders have not been told of [D-6]. */
export function prepareTroubles({ db, epochs }: Store): Pick<Operations, 'troubles' | 'told'> {
  const untold = db.prepare<[number], TroubleRow>(
    `SELECT r.seq, r.rank, m.sender, m.to_name AS "to", m.sent_at AS sentAt,
       substr(m.content, 1, ${excerptLength}) AS excerpt
     FROM (SELECT DISTINCT seq, rank FROM receipts WHERE told = 0 ORDER BY seq, rank LIMIT ?) r
     JOIN messages m ON m.seq = r.seq ORDER BY r.seq, r.rank`,
  )
  const recipientsOf = db
    .prepare<[number, number], AgentName>(
      `SELECT coalesce(g.name, m.to_name)
       FROM receipts r JOIN messages m ON m.seq = r.seq JOIN addresses a ON a.id = m.address
       LEFT JOIN agents g ON g.id = CASE a.kind WHEN 'mailbox' THEN a.owner ELSE r.reader END
       WHERE r.seq = ? AND r.rank = ? AND r.told = 0 ORDER BY g.name_key`,
    )
    .pluck()
  const mark = db.prepare('UPDATE receipts SET told = 1 WHERE seq = ? AND rank = ? AND told = 0')

  return {
    troubles: (limit) =>
      untold.all(limit).map(({ seq, rank, sender, to, sentAt, excerpt }) => ({
        id: epochs.idOf(seq),
        state: rank === ranks.expired ? 'expired' : 'bounced',
        sender,
        to,
        sentAt,
        excerpt,
        recipients: recipientsOf.all(seq, rank),
      })),
    told({ id, state }) {
      const seq = epochs.seqOf(id)
      if (seq !== undefined) mark.run(seq, ranks[state])
    },
  }
}
