import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from './drizzle.ts'
import { isNotNull, isNull, sql } from './drizzle.ts'
import type { AgentName, Message, Priority, Route, TopicName } from '../../../protocol/index.ts'
import type { AgentId } from '../ledger.ts'

/**
 * The tables as the code sees them; `migrations.ts` makes them, and a test holds the two together.
 * Times are milliseconds since 1970, booleans 0 or 1.
 */

/** One row. `commits` grows by one with every batch that wrote: how a restored copy is recognised [D-3]. */
export const ledger = sqliteTable('ledger', {
  id: integer().primaryKey(),
  commits: integer().notNull(),
})

/** Incarnations: messages from `fromSeq` on were written in `epoch`, up to where the next one begins. */
export const epochs = sqliteTable('epochs', {
  ordinal: integer().primaryKey(),
  epoch: text().notNull().unique(),
  fromSeq: integer('from_seq').notNull(),
})

/** What a message can be sent to: a mailbox, which one agent reads at most, or a topic, which its members read. */
export const addresses = sqliteTable(
  'addresses',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    kind: text().$type<'mailbox' | 'topic'>().notNull(),
    /** Topic: its name as first written, and the form in which it is compared. */
    topic: text().$type<TopicName>(),
    topicKey: text('topic_key'),
    /** Mailbox: its reader; null until the name is registered. */
    owner: integer().$type<AgentId>(),
    /** Topic: agents that belong to it now. */
    members: integer().notNull(),
    /** Mailbox: messages that wait. Topic: messages ever sent to it. */
    count: integer().notNull(),
  },
  (table) => [
    uniqueIndex('addresses_topic').on(table.topicKey),
    index('addresses_owner').on(table.owner).where(isNotNull(table.owner)),
  ],
)

export const agents = sqliteTable(
  'agents',
  {
    id: integer().$type<AgentId>().primaryKey({ autoIncrement: true }),
    name: text().$type<AgentName>().notNull(),
    nameKey: text('name_key').notNull(),
    keyHash: text('key_hash').notNull(),
    /** Where its mail goes, whatever it is called. */
    mailbox: integer().notNull(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    renamedAt: integer('renamed_at'),
    autoCheckEnabled: integer('auto_check_enabled', { mode: 'boolean' }).notNull(),
    autoCheckMinutes: integer('auto_check_minutes').notNull(),
    releasedAt: integer('released_at'),
  },
  (table) => [
    uniqueIndex('agents_name').on(table.nameKey).where(isNull(table.releasedAt)),
    index('agents_seen').on(table.lastSeenAt).where(isNull(table.releasedAt)),
  ],
)

/**
 * What a name stands for: an agent's own name (`agent`), a name that forwards to an agent for a while
 * (`agent`, `until`), or a mailbox that waits for somebody to take the name (`mailbox`).
 */
export const names = sqliteTable(
  'names',
  {
    nameKey: text('name_key').primaryKey(),
    name: text().$type<AgentName>().notNull(),
    agent: integer().$type<AgentId>(),
    until: integer(),
    mailbox: integer(),
  },
  (table) => [
    index('names_agent').on(table.agent).where(isNotNull(table.agent)),
    index('names_until').on(table.until).where(isNotNull(table.until)),
    index('names_mailbox').on(table.mailbox).where(isNotNull(table.mailbox)),
  ],
)

/** An agent reads an address from behind `since` up to `until`, or on and on. Joining again makes another row. */
export const memberships = sqliteTable(
  'memberships',
  {
    agent: integer().$type<AgentId>().notNull(),
    address: integer().notNull(),
    since: integer().notNull(),
    until: integer(),
    /** Topic: how much of its `count` this member has behind it; own messages and those before `since` included. */
    done: integer().notNull(),
    /** Topic: its `count` when the member left. */
    top: integer(),
    /** Everything at or below is settled. It may lag, so it is a place to start reading, not a fact about a message. */
    cursor: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.agent, table.address, table.since] }),
    index('memberships_address').on(table.address, table.until, table.done),
  ],
)

export const messages = sqliteTable(
  'messages',
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    address: integer().notNull(),
    sender: integer().$type<AgentId>().notNull(),
    senderName: text('sender_name').$type<AgentName>().notNull(),
    toName: text('to_name').notNull(),
    clientId: text('client_id').notNull(),
    kind: text().$type<Message['kind']>().notNull(),
    content: text().notNull(),
    data: text(),
    replyTo: text('reply_to'),
    thread: text(),
    priority: text().$type<Priority>().notNull(),
    blob: text().references(() => blobs.handle),
    sentAt: integer('sent_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** Topic: members but the sender when it was sent. */
    audience: integer().notNull(),
    /** 1 when its time to live has been dealt with. */
    swept: integer().notNull(),
  },
  (table) => [
    uniqueIndex('messages_client').on(table.sender, table.clientId),
    index('messages_address').on(table.address),
    index('messages_sender').on(table.sender),
    index('messages_due')
      .on(table.expiresAt)
      .where(sql`${table.swept} = 0`),
    index('messages_thread').on(table.thread).where(isNotNull(table.thread)),
    index('messages_blob').on(table.blob).where(isNotNull(table.blob)),
  ],
)

/** What became of a message; no row means queued. `reader` is 0 for a mailbox, the member for a topic. */
export const receipts = sqliteTable(
  'receipts',
  {
    seq: integer().notNull(),
    reader: integer().$type<AgentId>().notNull(),
    /** See `ranks`. */
    rank: integer().notNull(),
    offeredAt: integer('offered_at'),
    offeredRoute: text('offered_route').$type<Route>(),
    shownAt: integer('shown_at'),
    shownRoute: text('shown_route').$type<Route>(),
    answeredAt: integer('answered_at'),
    /** When it expired or bounced. */
    endedAt: integer('ended_at'),
    /** Expired or bounced: whether its sender has been told. Null where nobody is to be told. */
    told: integer(),
  },
  (table) => [
    primaryKey({ columns: [table.seq, table.reader] }),
    index('receipts_untold')
      .on(table.seq, table.rank)
      .where(sql`${table.told} = 0`),
  ],
)

/** What was brought from another system, for ever: so that nothing is brought twice. */
export const brought = sqliteTable('brought', { origin: text().primaryKey() })

export const sessions = sqliteTable(
  'sessions',
  {
    hash: text().primaryKey(),
    agent: integer().$type<AgentId>().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('sessions_agent').on(table.agent), index('sessions_end').on(table.expiresAt)],
)

export const blobs = sqliteTable(
  'blobs',
  {
    handle: text().primaryKey(),
    size: integer().notNull(),
    sha256: text().notNull(),
    mediaType: text('media_type').notNull(),
    fileName: text('file_name'),
    owner: integer().$type<AgentId>().notNull(),
    at: integer().notNull(),
  },
  (table) => [index('blobs_at').on(table.at)],
)
