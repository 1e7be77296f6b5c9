import { z } from 'zod'
import { limits } from './limits.ts'
import { Address, AgentName } from './names.ts'
import { Data } from './data.ts'

/** `<epoch>-<seq>`: which incarnation of the ledger, and the position in it. Treat it as opaque. */
export const MessageId = z
  .string()
  .regex(/^[a-z0-9]{1,16}-[0-9]{1,15}$/, 'must be the id of a message, for example "k3x9q2ab-42"')
  .brand<'MessageId'>()
export type MessageId = z.infer<typeof MessageId>

/** A position in the ledger. It only grows and is never used again within an epoch [D-3]. */
export const Seq = z.int().min(0)

/** The incarnation of the ledger that a `seq` belongs to [D-3]. */
export const Epoch = z.string().regex(/^[a-z0-9]{1,16}$/)

/** A point in time: ISO 8601, UTC, milliseconds. */
export const Time = z.iso.datetime({ precision: 3 })

export const Thread = z
  .string()
  .min(1)
  .max(limits.threadLength)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters')

/** `urgent` may interrupt its reader, `low` never does [D-9]. */
export const Priority = z.enum(['low', 'normal', 'urgent'])
export type Priority = z.infer<typeof Priority>

/** A way by which a message reaches a reader's eyes. */
export const Route = z.enum(['wait', 'tool_result', 'channel', 'hook', 'wake', 'resource', 'fetch'])
export type Route = z.infer<typeof Route>

export const BlobHandle = z.string().regex(/^[A-Za-z0-9_-]{21}$/)

/** A large body or a file: fetched over HTTP with the same authentication [P-40]. */
export const Blob = z.object({
  handle: BlobHandle,
  /** Bytes. */
  size: z.int().min(0).max(limits.blobBytes),
  /** SHA-256 of the bytes, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mediaType: z.string().max(100),
  /** The sender's name for it, without a path. Absent where the blob is a long text and not a file. */
  fileName: z.string().max(limits.fileNameLength).optional(),
})
export type Blob = z.infer<typeof Blob>

/** A message as its recipient gets it. */
export const Message = z.object({
  id: MessageId,
  seq: Seq,
  /** `notice`: from the hub itself, about mail that expired or bounced or about a rename. */
  kind: z.enum(['message', 'notice']),
  /** The name that the sender's session had when it sent [S-4]. */
  from: AgentName,
  /** The name or topic that the sender wrote. */
  to: Address,
  sentAt: Time,
  expiresAt: Time,
  priority: Priority,
  /** The whole text, or its summary where `blob` is there and has no `fileName`. */
  content: z.string(),
  data: Data.optional(),
  replyTo: MessageId.optional(),
  thread: Thread.optional(),
  blob: Blob.optional(),
  /** Present when an earlier route could not confirm that it was seen. */
  offered: z.object({ route: Route, at: Time }).optional(),
})
export type Message = z.infer<typeof Message>

/** The state of one message for one recipient [D-6]. It only moves forward. */
export const ReceiptState = z.enum(['queued', 'offered', 'shown', 'answered', 'expired', 'bounced'])
export type ReceiptState = z.infer<typeof ReceiptState>

export const ReceiptStep = z.object({
  state: ReceiptState,
  at: Time,
  route: Route.optional(),
})
export type ReceiptStep = z.infer<typeof ReceiptStep>
