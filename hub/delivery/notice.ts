import { hubName, type Data, type MessageId, type Priority } from '../../protocol/index.ts'
import { hubAgent, type AgentId, type Draft, type Recipient } from '../ledger/ledger.ts'

/** What the hub has to say itself. */
export interface Notice {
  readonly recipient: Recipient
  /** Unique: the same notice appended twice is stored once. */
  readonly id: string
  readonly content: string
  readonly data: Data
  readonly replyTo?: MessageId
  readonly priority: Priority
  readonly now: number
  /** Milliseconds that it waits to be read. */
  readonly ttl: number
  /** Whose doing it tells of. */
  readonly knownTo?: AgentId
}

/** A notice as the ledger takes it: from the hub, past every limit of depth, never a cause of notices. */
export function noticeDraft(notice: Notice): Draft {
  const { recipient, id, content, data, replyTo, priority, now, ttl, knownTo } = notice
  return {
    recipient,
    sender: hubAgent,
    senderName: hubName,
    clientId: id,
    kind: 'notice',
    content,
    data,
    replyTo,
    thread: undefined,
    priority,
    blob: undefined,
    sentAt: now,
    expiresAt: now + ttl,
    expiresAtUnclaimed: now + ttl,
    depth: Number.MAX_SAFE_INTEGER,
    ...(knownTo !== undefined && { knownTo }),
  }
}
