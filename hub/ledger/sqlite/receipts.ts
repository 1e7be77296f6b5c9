import type { Address, AgentName, Receipt, ReceiptState, Route } from '../../../protocol/index.ts'
import { isoTime } from '../../iso-time.ts'
import type { Operations } from '../operations.ts'
import { ranks } from './ranks.ts'
import type { Store } from './store.ts'

/** Characters of a message to recognise it by. */
export const excerptLength = 80

interface SentRow {
  readonly seq: number
  readonly toName: Address
  readonly sentAt: number
  readonly content: string
  readonly audience: number
  readonly kind: 'mailbox' | 'topic'
  /** Whoever reads the mailbox; null while nobody does. */
  readonly ownerName: AgentName | null
}

interface ReceiptRow {
  readonly rank: number
  readonly name: AgentName | null
  readonly offeredAt: number | null
  readonly offeredRoute: Route | null
  readonly shownAt: number | null
  readonly shownRoute: Route | null
  readonly answeredAt: number | null
  readonly endedAt: number | null
}

type Recipient = Receipt['recipients'][number]
type Step = Recipient['steps'][number]

const stateOf = Object.fromEntries(Object.entries(ranks).map(([state, rank]) => [rank, state])) as Record<
  number,
  ReceiptState
>

/** What became of messages that an agent sent, newest first [D-6]. */
export function prepareReceipts({ db, epochs }: Store): Operations['receipts'] {
  const sent = db.prepare<[number, number, number, number], SentRow>(
    `SELECT m.seq, m.to_name AS toName, m.sent_at AS sentAt, substr(m.content, 1, ${excerptLength}) AS content,
       m.audience, a.kind, g.name AS ownerName
     FROM messages m JOIN addresses a ON a.id = m.address LEFT JOIN agents g ON g.id = a.owner
     WHERE m.sender = ? AND m.seq < ? AND m.seq >= ? ORDER BY m.seq DESC LIMIT ?`,
  )
  const rowsOf = db.prepare<[number], ReceiptRow>(
    `SELECT r.rank, g.name, r.offered_at AS offeredAt, r.offered_route AS offeredRoute, r.shown_at AS shownAt,
       r.shown_route AS shownRoute, r.answered_at AS answeredAt, r.ended_at AS endedAt
     FROM receipts r LEFT JOIN agents g ON g.id = r.reader WHERE r.seq = ? ORDER BY r.reader`,
  )

  function toReceipt(message: SentRow): Receipt {
    const rows = rowsOf.all(message.seq)
    const alone = message.ownerName ?? (message.toName as string as AgentName)
    const recipients =
      message.kind === 'mailbox'
        ? [toRecipient(alone, message.sentAt, rows[0])]
        : rows.map((row) => toRecipient(row.name ?? alone, message.sentAt, row))
    return {
      id: epochs.idOf(message.seq),
      to: message.toName,
      sentAt: isoTime(message.sentAt),
      excerpt: message.content,
      recipients,
      queued: message.kind === 'mailbox' ? 0 : Math.max(0, message.audience - rows.length),
    }
  }

  return function receipts({ sender, id, before, limit }) {
    const only = id === undefined ? undefined : (epochs.seqOf(id) ?? -1)
    const end = only === undefined ? (before ?? Number.MAX_SAFE_INTEGER) : only + 1
    const rows = sent.all(sender, end, only ?? 0, limit + 1)
    return { receipts: rows.slice(0, limit).map(toReceipt), more: rows.length > limit }
  }
}

function toRecipient(name: AgentName, sentAt: number, row: ReceiptRow | undefined): Recipient {
  const steps: Step[] = [{ state: 'queued', at: isoTime(sentAt) }]
  if (!row) return { name, state: 'queued', steps }
  const state = stateOf[row.rank] ?? 'queued'
  add('offered', row.offeredAt, row.offeredRoute)
  add('shown', row.shownAt, row.shownRoute)
  add('answered', row.answeredAt, null)
  if (state === 'expired' || state === 'bounced') add(state, row.endedAt, null)
  return { name, state, steps }

  function add(step: ReceiptState, at: number | null, route: Route | null): void {
    if (at !== null) steps.push({ state: step, at: isoTime(at), ...(route !== null && { route }) })
  }
}
