import { z } from 'zod'
import { Nonce } from './auth.ts'
import { closeCodes, type CloseReason } from './close-codes.ts'
import { Message, MessageId, ReceiptState, Route, Time } from './message.ts'
import { AgentName } from './names.ts'
import { protocolName } from './version.ts'

/** Everything that the hub says unasked. */
export const notifications = {
  challenge: {
    summary: 'The first frame of every connection: what hello must prove.',
    params: z.object({
      protocol: z.literal(protocolName),
      nonce: Nonce,
      auth: z.enum(['hmac-sha256', 'open']),
    }),
  },
  message: {
    summary: 'A message for this agent. It stays in the mailbox until it is acknowledged as shown.',
    params: Message,
  },
  receipt: {
    summary: 'A message that this agent sent moved forward.',
    params: z.object({
      id: MessageId,
      /** The recipient. */
      name: AgentName,
      state: ReceiptState,
      at: Time,
      route: Route.optional(),
    }),
  },
  presence: {
    summary: 'Somebody came or went. Only for connections that asked for it.',
    params: z.object({ name: AgentName, online: z.boolean() }),
  },
  renamed: {
    summary: 'An agent has a new name: this one, when `previous` is its own.',
    params: z.object({ previous: AgentName, name: AgentName, forwardsUntil: Time }),
  },
  closing: {
    summary: 'The connection is about to be closed by the hub.',
    params: z.object({
      reason: z.enum(Object.keys(closeCodes) as [CloseReason, ...CloseReason[]]),
      /** Milliseconds after which to connect again, where that makes sense. */
      reconnectAfterMs: z.int().optional(),
    }),
  },
} as const satisfies Record<string, { summary: string; params: z.ZodType }>

export type NotificationName = keyof typeof notifications
export type NotificationParams<N extends NotificationName> = z.output<(typeof notifications)[N]['params']>
