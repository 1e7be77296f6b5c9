import { z } from 'zod'
import { limits } from './limits.ts'
import { Epoch, MessageId, ReceiptState, ReceiptStep, Route, Seq, Time } from './message.ts'
import { Address, AgentName, TopicName } from './names.ts'

/** The position that a client has reached: everything up to it has been pushed to it [D-3]. */
export const Position = z.object({ epoch: Epoch, seq: Seq })
export type Position = z.infer<typeof Position>

export const AutoCheck = z.object({
  enabled: z.boolean(),
  /** 0: ring at once. Otherwise collect a digest for so many minutes. */
  minutes: z.int().min(0).max(limits.autoCheckMinutesMax),
})
export type AutoCheck = z.infer<typeof AutoCheck>

export const Attached = z.object({
  name: AgentName,
  /** Bearer of this session: for `resume` and for blobs. */
  session: z.object({ token: z.string(), expiresAt: Time }),
  epoch: Epoch,
  /** True where the client holds everything up to `position` and pushes go on right behind it. */
  recovered: z.boolean(),
  /** Unread messages in all, those that the client already holds among them. */
  waiting: z.int().min(0),
  topics: z.array(TopicName),
  autoCheck: AutoCheck,
  /** True when the name was registered for the first time. */
  created: z.boolean(),
})
export type Attached = z.infer<typeof Attached>

/** How and when one recipient will see a message [D-7]. */
export const Outlook = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('online'),
    name: AgentName,
    routes: z.array(Route),
    /** Whether and how soon it is told of mail that it does not look for; urgent mail ignores the interval. */
    autoCheck: AutoCheck.optional(),
    forwardedFrom: AgentName.optional(),
  }),
  z.object({
    kind: z.literal('away'),
    name: AgentName,
    since: Time,
    waitsUntil: Time,
    forwardedFrom: AgentName.optional(),
  }),
  z.object({
    kind: z.literal('unregistered'),
    name: AgentName,
    waitsUntil: Time,
    didYouMean: z.array(AgentName),
  }),
  z.object({
    kind: z.literal('topic'),
    name: TopicName,
    recipients: z.int().min(0),
    online: z.int().min(0),
    /** Members whose mailbox was full: for them the message bounced. */
    bounced: z.int().min(0),
  }),
])
export type Outlook = z.infer<typeof Outlook>

export const AgentEntry = z.object({
  name: AgentName,
  online: z.boolean(),
  routes: z.array(Route),
  /** Now, for one that is online. */
  lastSeenAt: Time,
})
export type AgentEntry = z.infer<typeof AgentEntry>

export const Receipt = z.object({
  id: MessageId,
  to: Address,
  sentAt: Time,
  /** The beginning of the content, to recognise it by. */
  excerpt: z.string(),
  recipients: z.array(
    z.object({
      name: AgentName,
      state: ReceiptState,
      /** Every step that it took, oldest first. */
      steps: z.array(ReceiptStep),
    }),
  ),
  /** Recipients that have not got beyond `queued` and are not listed one by one: those of a topic. */
  queued: z.int().min(0),
})
export type Receipt = z.infer<typeof Receipt>
