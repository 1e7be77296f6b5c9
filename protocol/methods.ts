import { z } from 'zod'
import { AgentEntry, Attached, AutoCheck, Outlook, Position, Receipt } from './answers.ts'
import { Nonce, Proof } from './auth.ts'
import { Data } from './data.ts'
import { limits } from './limits.ts'
import { BlobHandle, Epoch, Message, MessageId, Priority, Route, Seq, Thread, Time } from './message.ts'
import { Address, AgentName, TopicName } from './names.ts'

const Page = z.int().min(1).max(limits.pageRows).default(limits.pageRowsDefault)

/** What `register` and `resume` have in common. */
const attachment = {
  /** How many pushed messages the client holds unacknowledged at most; 0: push none [D-5]. */
  window: z.int().min(0).max(limits.windowMax).default(limits.windowDefault),
  /** By which routes mail reaches this agent's eyes now [D-7]. */
  routes: z.array(Route).max(Route.options.length).default([]),
  /** Push `presence` notifications to this connection. */
  presence: z.boolean().default(false),
}

const Empty = z.object({})

/**
 * Every request that an agent may make. A new verb is a row here and a file in the hub's `methods`.
 */
export const methods = {
  hello: {
    summary: 'Authenticate this connection, and let the hub prove itself.',
    params: z.object({
      client: z.object({ name: z.string().max(64), version: z.string().max(32) }),
      nonce: Nonce,
      /** Absent where the challenge says that the hub is open. */
      proof: Proof.optional(),
    }),
    result: z.object({
      /** The hub's proof; absent where the hub is open. Check it before you send a key. */
      proof: Proof.optional(),
      hub: z.object({ version: z.string(), revision: z.int() }),
      limits: z.object({
        inlineBytes: z.int(),
        frameBytes: z.int(),
        blobBytes: z.int(),
        pingMs: z.int(),
      }),
    }),
  },
  register: {
    summary: 'Take a name, or come back to it, with its key.',
    params: z.object({
      name: AgentName,
      /** The secret that owns the name: 32 random bytes, base64url. The hub keeps only its hash. */
      key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      /** Disconnect a live session that holds this name with the same key. */
      takeOver: z.boolean().default(false),
      ...attachment,
    }),
    result: Attached,
  },
  resume: {
    summary: 'Continue a session on a new connection.',
    params: z.object({
      session: z.string().max(128),
      /** What the client holds already; without it everything unread is pushed. */
      position: Position.optional(),
      ...attachment,
    }),
    result: Attached,
  },
  send: {
    summary: 'Send a message to a name or to a topic. Answered when it is on disk.',
    params: z.object({
      /** Unique for this sender; sending it again within 24 hours changes nothing [D-4]. */
      clientId: z
        .string()
        .regex(/^[A-Za-z0-9_-]+$/)
        .max(limits.clientIdLength),
      to: Address,
      content: z.string().default(''),
      data: Data.optional(),
      replyTo: MessageId.optional(),
      thread: Thread.optional(),
      priority: Priority.default('normal'),
      /** The handle of an uploaded blob. Without a `fileName` it is the body, and the hub writes the summary. */
      blob: BlobHandle.optional(),
      ttlSeconds: z.int().min(limits.ttlSecondsMin).max(limits.ttlSecondsMax).optional(),
    }),
    result: z.object({
      id: MessageId,
      seq: Seq,
      sentAt: Time,
      /** True when this `clientId` had been accepted before. */
      duplicate: z.boolean(),
      outlook: Outlook,
    }),
  },
  fetch: {
    summary: 'Look at unread mail without changing anything.',
    params: z.object({ after: Seq.default(0), limit: Page }),
    result: z.object({ epoch: Epoch, messages: z.array(Message), more: z.boolean() }),
  },
  ack: {
    summary: 'Say what became of messages: shown to a reader, or only offered.',
    params: z.object({
      ids: z.array(MessageId).min(1).max(limits.ackIds),
      state: z.enum(['offered', 'shown']),
      route: Route,
    }),
    result: z.object({
      /** How many of them this request moved forward. */
      settled: z.int().min(0),
      /** Unread messages that are left. */
      waiting: z.int().min(0),
    }),
  },
  list: {
    summary: 'Who is registered, by name.',
    params: z.object({ after: AgentName.optional(), limit: Page }),
    result: z.object({
      agents: z.array(AgentEntry),
      total: z.int().min(0),
      online: z.int().min(0),
      more: z.boolean(),
    }),
  },
  rename: {
    summary: 'Change the name of this agent. Its mail stays, and the old name forwards for a while.',
    params: z.object({ name: AgentName }),
    result: z.object({ name: AgentName, previous: AgentName, forwardsUntil: Time }),
  },
  join: {
    summary: 'Get what is sent to a topic from now on.',
    params: z.object({ topic: TopicName }),
    result: z.object({ topic: TopicName, members: z.int().min(0), joined: z.boolean() }),
  },
  leave: {
    summary: 'Get no more of a topic. What had already come stays readable.',
    params: z.object({ topic: TopicName }),
    result: z.object({ topic: TopicName, left: z.boolean() }),
  },
  history: {
    summary: 'Messages that this agent sent or received, newest first.',
    params: z.object({
      /** Only those exchanged with this name or topic. */
      with: Address.optional(),
      thread: Thread.optional(),
      before: Seq.optional(),
      limit: Page,
    }),
    result: z.object({ messages: z.array(Message), more: z.boolean() }),
  },
  receipts: {
    summary: 'What became of messages that this agent sent, newest first.',
    params: z.object({ id: MessageId.optional(), before: Seq.optional(), limit: Page }),
    result: z.object({ receipts: z.array(Receipt), more: z.boolean() }),
  },
  configure: {
    summary: 'Store how this agent wants to be told of new mail.',
    params: z.object({ autoCheck: AutoCheck }),
    result: z.object({ autoCheck: AutoCheck }),
  },
  reach: {
    summary: 'Say by which routes mail reaches this agent from now on.',
    params: z.object({ routes: z.array(Route).max(Route.options.length) }),
    result: Empty,
  },
  release: {
    summary: 'Give the name up. Unread mail bounces, and its senders are told.',
    params: Empty,
    result: z.object({ name: AgentName, bounced: z.int().min(0) }),
  },
  status: {
    summary: 'The hub, and this agent as the hub sees it.',
    params: Empty,
    result: z.object({
      hub: z.object({
        version: z.string(),
        epoch: Epoch,
        startedAt: Time,
        now: Time,
        connections: z.int(),
        agents: z.int(),
        online: z.int(),
        /** False while the disk refuses writes. */
        writable: z.boolean(),
      }),
      agent: z
        .object({
          name: AgentName,
          waiting: z.int(),
          topics: z.array(TopicName),
          autoCheck: AutoCheck,
          sessionExpiresAt: Time,
        })
        .optional(),
    }),
  },
} as const satisfies Record<string, { summary: string; params: z.ZodType; result: z.ZodType }>

export type Method = keyof typeof methods
/** What a handler gets: defaults filled in. */
export type Params<M extends Method> = z.output<(typeof methods)[M]['params']>
/** What a client writes: defaults may be left out. */
export type ParamsInput<M extends Method> = z.input<(typeof methods)[M]['params']>
export type Result<M extends Method> = z.output<(typeof methods)[M]['result']>
