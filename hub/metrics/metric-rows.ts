import { softwareVersion } from '../../protocol/index.ts'
import type { Distribution } from './distribution.ts'
import type { Reading } from './reading.ts'

/** One value of a metric, with what tells it from the others. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** One metric: what it is called and what it means, and how it is read. No samples: it is not known at the moment. */
export type MetricRow = {
  readonly name: `bellhop_${string}`
  readonly unit: string
  /** Labels; each has a fixed set of values. Names of agents and topics are none. */
  readonly labels: readonly string[]
  readonly meaning: string
} & (
  | { readonly type: 'gauge' | 'counter'; read(reading: Reading): readonly Sample[] }
  | { readonly type: 'histogram'; read(reading: Reading): Distribution }
)

function one(value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ labels: {}, value }]
}

function each(label: string, values: Readonly<Record<string, number | undefined>>): Sample[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ labels: { [label]: key }, value }],
  )
}

/**
 * Every metric of the hub, one row each: this table makes the answer of `/metrics`, and is the list in
 * `hub/README.md`. Counters begin at 0 with the process.
 */
export const metricRows = [
  {
    name: 'bellhop_info',
    type: 'gauge',
    unit: '1',
    labels: ['version', 'epoch'],
    meaning: 'always 1: which software this is, and which incarnation of the ledger',
    read: ({ epoch }) => [{ labels: { version: softwareVersion, epoch }, value: 1 }],
  },
  {
    name: 'bellhop_writable',
    type: 'gauge',
    unit: '0 or 1',
    labels: [],
    meaning: '0 while the disk refuses writes: sends fail, reading goes on',
    read: ({ writable }) => one(writable ? 1 : 0),
  },
  {
    name: 'bellhop_waiting_messages',
    type: 'gauge',
    unit: 'messages',
    labels: ['place'],
    meaning:
      'unread messages: in mailboxes (place="mailbox"; those of names that nobody has registered too), and in topics, once for each member who has not read them (place="topic")',
    read: ({ vitals }) => each('place', { mailbox: vitals?.waiting.mailboxes, topic: vitals?.waiting.topics }),
  },
  {
    name: 'bellhop_oldest_waiting_seconds',
    type: 'gauge',
    unit: 'seconds',
    labels: [],
    meaning: 'age of the oldest unread message; 0 where nothing waits, left out while it is still looked for',
    read: ({ oldestMs }) => one(oldestMs === undefined ? undefined : oldestMs / 1000),
  },
  {
    name: 'bellhop_agents',
    type: 'gauge',
    unit: 'agents',
    labels: ['state'],
    meaning: 'names that are registered (state="registered"), and those with a live connection (state="online")',
    read: ({ vitals, online }) => each('state', { registered: vitals?.agents, online }),
  },
  {
    name: 'bellhop_connections',
    type: 'gauge',
    unit: 'connections',
    labels: [],
    meaning: 'WebSockets that are open',
    read: ({ connections }) => one(connections),
  },
  {
    name: 'bellhop_handshakes',
    type: 'gauge',
    unit: 'connections',
    labels: [],
    meaning: 'those among them that have not authenticated yet',
    read: ({ handshakes }) => one(handshakes),
  },
  {
    name: 'bellhop_messages_total',
    type: 'counter',
    unit: 'messages',
    labels: ['kind'],
    meaning:
      'messages that were accepted: to a name (direct), to a topic (topic), the hub\'s own (notice); kind="duplicate": sends that were repeated, and stored once',
    read: ({ tally }) => each('kind', tally.messages),
  },
  {
    name: 'bellhop_pushes_total',
    type: 'counter',
    unit: 'pushes',
    labels: [],
    meaning: 'messages that were pushed, once for each reader and connection',
    read: ({ tally }) => one(tally.pushes),
  },
  {
    name: 'bellhop_push_latency_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: [],
    meaning: 'from taking a send until its message is on disk and pushed to those of its readers who are online',
    read: ({ tally }) => tally.pushLatency,
  },
  {
    name: 'bellhop_receipts_total',
    type: 'counter',
    unit: 'receipts',
    labels: ['state'],
    meaning:
      'receipts that came to a state: offered, shown, answered, expired, bounced (the last two when their senders are told)',
    read: ({ tally }) => each('state', tally.receipts),
  },
  {
    name: 'bellhop_commit_seconds',
    type: 'histogram',
    unit: 'seconds',
    labels: [],
    meaning: 'from handing a batch to the storage until it is flushed; its count is the number of commits',
    read: ({ tally }) => tally.commitTime,
  },
  {
    name: 'bellhop_commit_operations',
    type: 'histogram',
    unit: 'operations',
    labels: [],
    meaning: 'operations that shared a commit',
    read: ({ tally }) => tally.batchSize,
  },
  {
    name: 'bellhop_queued_operations',
    type: 'gauge',
    unit: 'operations',
    labels: [],
    meaning: 'operations that wait for the next batch',
    read: ({ queued }) => one(queued),
  },
  {
    name: 'bellhop_refusals_total',
    type: 'counter',
    unit: 'requests',
    labels: ['reason'],
    meaning:
      'requests that were answered with an error, by its reason in the table of PROTOCOL.md: rate_limited, mailbox_full, authentication_failed, …',
    read: ({ tally }) => each('reason', tally.refusals),
  },
  {
    name: 'bellhop_rejected_requests_total',
    type: 'counter',
    unit: 'requests',
    labels: ['status'],
    meaning:
      'HTTP requests and upgrades that were refused at the door: malformed (400), Host or Origin not allowed (403), too many handshakes (503)',
    read: ({ tally }) => each('status', tally.rejections),
  },
  {
    name: 'bellhop_closes_total',
    type: 'counter',
    unit: 'connections',
    labels: ['reason'],
    meaning:
      'connections that the hub closed, by its reason in the table of PROTOCOL.md: slow (a reader that did not keep up), unresponsive, …',
    read: ({ tally }) => each('reason', tally.closes),
  },
  {
    name: 'bellhop_sweeps_total',
    type: 'counter',
    unit: 'sweeps',
    labels: ['result'],
    meaning: 'looks for expired mail and old history: done, failed',
    read: ({ tally }) => each('result', tally.sweeps),
  },
  {
    name: 'bellhop_backups_total',
    type: 'counter',
    unit: 'backups',
    labels: ['result'],
    meaning: 'backups: done, failed',
    read: ({ tally }) => each('result', tally.backups),
  },
  {
    name: 'bellhop_blobs',
    type: 'gauge',
    unit: 'blobs',
    labels: [],
    meaning: 'large bodies and files that are kept',
    read: ({ vitals }) => one(vitals?.blobs.count),
  },
  {
    name: 'bellhop_blob_bytes',
    type: 'gauge',
    unit: 'bytes',
    labels: [],
    meaning: 'what they take',
    read: ({ vitals }) => one(vitals?.blobs.bytes),
  },
  {
    name: 'bellhop_database_bytes',
    type: 'gauge',
    unit: 'bytes',
    labels: ['file'],
    meaning: 'the database (file="main") and its write-ahead log (file="wal")',
    read: ({ databaseBytes, logBytes }) => each('file', { main: databaseBytes, wal: logBytes }),
  },
  {
    name: 'bellhop_disk_free_bytes',
    type: 'gauge',
    unit: 'bytes',
    labels: [],
    meaning: "free space on the disk of the hub's home",
    read: ({ freeBytes }) => one(freeBytes),
  },
] as const satisfies readonly MetricRow[]
