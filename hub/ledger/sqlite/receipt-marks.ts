import type Database from 'better-sqlite3'
import type { Route } from '../../../protocol/index.ts'
import { hubAgent, type AgentId } from '../ledger.ts'
import { ranks } from './ranks.ts'

/** Each answers whether the receipt moved; none moves one backwards [D-6]. `reader` is 0 for a mailbox. */
export interface ReceiptMarks {
  offer(seq: number, reader: AgentId, at: number, route: Route | undefined): boolean
  show(seq: number, reader: AgentId, at: number, route: Route | undefined): boolean
  /** Only what has been shown. */
  answer(seq: number, reader: AgentId, at: number): boolean
  /** `sender` is told of it later, unless it is the hub. */
  end(state: 'expired' | 'bounced', seq: number, reader: AgentId, at: number, sender: AgentId): boolean
}

export function prepareReceiptMarks(db: Database.Database): ReceiptMarks {
  const offer = db.prepare(
    `INSERT INTO receipts (seq, reader, rank, offered_at, offered_route) VALUES (?, ?, ${ranks.offered}, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const show = db.prepare(
    `INSERT INTO receipts (seq, reader, rank, shown_at, shown_route) VALUES (?, ?, ${ranks.shown}, ?, ?)
     ON CONFLICT DO UPDATE SET rank = excluded.rank, shown_at = excluded.shown_at, shown_route = excluded.shown_route
     WHERE rank < ${ranks.shown}`,
  )
  const answer = db.prepare(
    `UPDATE receipts SET rank = ${ranks.answered}, answered_at = ? WHERE seq = ? AND reader = ? AND rank = ${ranks.shown}`,
  )
  const end = db.prepare(
    `INSERT INTO receipts (seq, reader, rank, ended_at, told) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET rank = excluded.rank, ended_at = excluded.ended_at, told = excluded.told
     WHERE rank < ${ranks.shown}`,
  )
  return {
    offer: (seq, reader, at, route) => offer.run(seq, reader, at, route ?? null).changes > 0,
    show: (seq, reader, at, route) => show.run(seq, reader, at, route ?? null).changes > 0,
    answer: (seq, reader, at) => answer.run(at, seq, reader).changes > 0,
    end: (state, seq, reader, at, sender) =>
      end.run(seq, reader, ranks[state], at, sender === hubAgent ? null : 0).changes > 0,
  }
}
