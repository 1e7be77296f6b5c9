import type { Message, MessageId } from '../../protocol/index.ts'
import { isoTime } from '../iso-time.ts'
import type { Draft } from './ledger.ts'
import type { Stored } from './operations.ts'

/** The message that a draft has become: the same as reading it back, without reading it back. */
export function composeMessage(draft: Draft, stored: Stored, epoch: string): Message {
  const { kind, content, data, replyTo, thread, priority, blob } = draft
  return {
    id: `${epoch}-${stored.seq}` as MessageId,
    seq: stored.seq,
    kind,
    from: draft.senderName,
    to: stored.to,
    sentAt: isoTime(draft.sentAt),
    expiresAt: isoTime(stored.expiresAt),
    priority,
    content,
    ...(data && { data }),
    ...(replyTo && { replyTo }),
    ...(thread !== undefined && { thread }),
    ...(blob && { blob }),
  }
}
