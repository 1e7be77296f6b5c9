import type { Address, AgentName, Blob, Data, Message, MessageId, Priority, Route } from '../../../protocol/index.ts'
import { isoTime } from '../../iso-time.ts'
import type { AgentId } from '../ledger.ts'
import type { Epochs } from './epochs.ts'

/** What `messageColumns` selects. */
export interface MessageRow {
  readonly seq: number
  readonly address: number
  readonly sender: AgentId
  readonly senderName: AgentName
  readonly toName: Address
  readonly kind: Message['kind']
  readonly content: string
  readonly data: string | null
  readonly replyTo: MessageId | null
  readonly thread: string | null
  readonly priority: Priority
  readonly sentAt: number
  readonly expiresAt: number
  readonly handle: string | null
  readonly size: number
  readonly sha256: string
  readonly mediaType: string
  readonly fileName: string | null
}

/** With the reader's receipt beside it. */
export interface ReadRow extends MessageRow {
  readonly offeredAt: number | null
  readonly offeredRoute: Route | null
}

export const messageColumns = `m.seq, m.address, m.sender, m.sender_name AS senderName, m.to_name AS toName, m.kind,
  m.content, m.data, m.reply_to AS replyTo, m.thread, m.priority, m.sent_at AS sentAt, m.expires_at AS expiresAt,
  b.handle, b.size, b.sha256, b.media_type AS mediaType, b.file_name AS fileName`

export const readColumns = `${messageColumns}, r.offered_at AS offeredAt, r.offered_route AS offeredRoute`

export const withBlob = 'LEFT JOIN blobs b ON b.handle = m.blob'

export function toMessage(row: MessageRow | ReadRow, epochs: Epochs): Message {
  const { seq, kind, content, data, replyTo, thread, priority } = row
  return {
    id: epochs.idOf(seq),
    seq,
    kind,
    from: row.senderName,
    to: row.toName,
    sentAt: isoTime(row.sentAt),
    expiresAt: isoTime(row.expiresAt),
    priority,
    content,
    ...(data !== null && { data: JSON.parse(data) as Data }),
    ...(replyTo !== null && { replyTo }),
    ...(thread !== null && { thread }),
    ...(row.handle !== null && { blob: toBlob(row, row.handle) }),
    ...('offeredAt' in row && row.offeredAt !== null && row.offeredRoute !== null
      ? { offered: { route: row.offeredRoute, at: isoTime(row.offeredAt) } }
      : undefined),
  }
}

export function toBlob(row: Omit<Blob, 'handle' | 'fileName'> & { fileName: string | null }, handle: string): Blob {
  const { size, sha256, mediaType, fileName } = row
  return { handle, size, sha256, mediaType, ...(fileName !== null && { fileName }) }
}
