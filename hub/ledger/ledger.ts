import type {
  Address,
  AgentName,
  AutoCheck,
  Blob,
  Data,
  Message,
  MessageId,
  Priority,
  Receipt,
  ReceiptState,
  Route,
  TopicName,
} from '../../protocol/index.ts'
import type { Vitals } from './vitals.ts'

/**
 * The hub's durable state, as a port: an addressed log (append, read after, settle) and a store of
 * names and sessions (claim and change with compare-and-set). SQLite implements it; a cluster's engine
 * will. So it asks for nothing that such an engine lacks: no transaction over two mailboxes, no query
 * beyond a key or a position. `suites/ledger.ts` in the tests is the acceptance suite for every one.
 *
 * Every operation is answered after what it wrote is durable [D-1]. Times are milliseconds since 1970,
 * always the hub's clock, handed in. An operation that the storage refuses rejects with `LedgerError`
 * and has changed nothing.
 */
export interface Ledger {
  /** This incarnation: new for a new ledger, and for one that was put back from a backup [D-3]. */
  readonly epoch: string

  /**
   * Called once for each message appended, in the order of `seq`, after it is durable and before the
   * `append` that made it is answered. The only source of pushes, so no two orders can differ.
   */
  onAppend(listener: (appended: Appended) => void): void

  append(draft: Draft): Promise<AppendOutcome>
  /** What this client id was accepted as before, whatever limits say now [D-4]. */
  accepted(query: { sender: AgentId; clientId: string }): Promise<Appended | undefined>

  /**
   * Unread messages for an agent (mailbox and topics together), `seq` ascending, at most `limit`,
   * those that expired before `now` left out.
   */
  unread(query: { agent: AgentId; after: number; limit: number; now: number }): Promise<Message[]>

  /** How many messages an agent has not read, and how many of them stand at or before `upTo`. */
  countUnread(query: { agent: AgentId; upTo: number; now: number }): Promise<{ waiting: number; before: number }>

  /** The highest `seq` ever given out. */
  head(): Promise<number>

  /** A message that this agent sent or may read, read or not. */
  find(query: { agent: AgentId; id: MessageId }): Promise<Message | undefined>

  /**
   * Moves receipts forward [D-6]; what is further already, unknown, or not this agent's stays as it
   * is. `answered` implies `shown`.
   */
  settle(settlement: Settlement): Promise<SettleOutcome>

  /** Receipts of what an agent sent, newest first; one more than `limit` is never returned. */
  receipts(query: {
    sender: AgentId
    id: MessageId | undefined
    before: number | undefined
    limit: number
  }): Promise<{ receipts: Receipt[]; more: boolean }>

  /**
   * Takes a free name for a new agent, or finds the agent that this key owns. A new agent gets all
   * that waits in the name's mailbox, with its time to live extended to `extendTo` at least, and
   * belongs to `#all` from here on. A name that forwards to an agent with this key finds that agent.
   */
  claim(claim: {
    name: AgentName
    keyHash: string
    now: number
    extendTo: number
    /** Default: now. */
    lastSeenAt?: number
  }): Promise<ClaimOutcome>

  /** Compare-and-set on the name. Mail already waiting under the new name becomes this agent's too. */
  rename(change: {
    agent: AgentId
    to: AgentName
    now: number
    forwardUntil: number
    /** An agent renamed after this time may not be renamed again yet; its own rename is judged atomically. */
    notAfter: number
    extendTo: number
  }): Promise<RenameOutcome>

  /** Frees the name, closes its sessions, bounces its unread mail, that of topics too. Answers how much bounced. */
  release(release: { agent: AgentId; now: number }): Promise<number>

  agent(id: AgentId): Promise<AgentRecord | undefined>
  /** Agents by name, ascending without regard to case, those after `after`. */
  agents(query: { after: AgentName | undefined; limit: number }): Promise<{ agents: AgentRecord[]; more: boolean }>
  countAgents(): Promise<number>
  /** Names most recently seen: what a mistyped name may have meant. */
  recentNames(limit: number): Promise<AgentName[]>
  configure(change: { agent: AgentId; autoCheck: AutoCheck }): Promise<void>
  /** These agents were here at this time. */
  seen(seen: { agents: readonly AgentId[]; at: number }): Promise<void>

  /** From now on, `#all` included at claim. Joining twice changes nothing. */
  join(change: { agent: AgentId; topic: TopicName; max: number }): Promise<JoinOutcome>
  /** No more from now on; what had come before stays readable. Answers whether the agent was a member. */
  leave(change: { agent: AgentId; topic: TopicName }): Promise<boolean>
  topics(agent: AgentId): Promise<TopicName[]>

  openSession(session: { hash: string; agent: AgentId; now: number; expiresAt: number }): Promise<void>
  /** The agent of a session that has not expired at `now`. */
  session(query: {
    hash: string
    now: number
  }): Promise<{ agent: AgentRecord; openedAt: number; expiresAt: number } | undefined>
  extendSession(change: { hash: string; expiresAt: number }): Promise<void>
  closeSession(hash: string): Promise<void>

  addBlob(blob: Blob & { owner: AgentId; at: number }): Promise<void>
  /** A blob that this agent uploaded, or that a message for it names. */
  blob(query: { agent: AgentId; handle: string }): Promise<Blob | undefined>
  /** Handles uploaded before `before` that no message names; they are forgotten by this call. */
  dropOrphanBlobs(query: { before: number; limit: number }): Promise<string[]>
  /** Whether a blob of this handle is known: for files that a crash left behind. */
  hasBlob(handle: string): Promise<boolean>

  /** Expires what is due at `now`, at most `limit` messages; answers how many messages it took. */
  expire(query: { now: number; limit: number }): Promise<number>
  /** Ends that their senders have not been told of yet, oldest first; one group for each message and state. */
  troubles(limit: number): Promise<Trouble[]>
  /** The sender of this trouble has been told: it will not be listed again. */
  told(trouble: Trouble): Promise<void>
  /**
   * Forgets messages settled before `before`, forwards and sessions that ended before `now`; at most
   * `limit` messages. Answers how many messages went.
   */
  purge(query: { now: number; before: number; limit: number }): Promise<number>

  /** How it does, at a cost that does not grow with what waits. */
  vitals(): Promise<Vitals>

  /** Settles what is under way and gives the storage back. */
  close(): Promise<void>
}

/** Looking back. Apart from the ledger, because an engine may lack it. */
export interface History {
  /** What an agent sent or received, `seq` descending, read or not. */
  history(query: {
    agent: AgentId
    with: Address | undefined
    thread: string | undefined
    before: number | undefined
    limit: number
  }): Promise<{ messages: Message[]; more: boolean }>
}

/** A participant, whatever it is called at the moment. */
export type AgentId = number & { readonly __agent: true }

/** The hub itself as a sender of notices. Its notices pass the depth limit and cause no notices. */
export const hubAgent = 0 as AgentId

export interface AgentRecord {
  readonly id: AgentId
  readonly name: AgentName
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly renamedAt: number | undefined
  readonly autoCheck: AutoCheck
}

export type Recipient =
  | { readonly kind: 'name'; readonly name: AgentName }
  | { readonly kind: 'agent'; readonly agent: AgentId }
  | { readonly kind: 'topic'; readonly topic: TopicName }

export interface Draft {
  readonly recipient: Recipient
  readonly sender: AgentId
  readonly senderName: AgentName
  /** Unique for the sender [D-4]. */
  readonly clientId: string
  readonly kind: Message['kind']
  readonly content: string
  readonly data: Data | undefined
  readonly replyTo: MessageId | undefined
  readonly thread: string | undefined
  readonly priority: Priority
  readonly blob: Blob | undefined
  readonly sentAt: number
  /** When it expires: where the name is registered, and where it is not. */
  readonly expiresAt: number
  readonly expiresAtUnclaimed: number
  /** Most unread messages that the mailbox, or one member's share of the topic, may hold. */
  readonly depth: number
  /** A member of the topic for whom it is no news: it counts as shown to this one. */
  readonly knownTo?: AgentId
}

export type AppendOutcome =
  | ({ readonly kind: 'stored' } & Appended)
  /** This client id was accepted before: the message as it was stored then. */
  | ({ readonly kind: 'duplicate' } & Appended)
  | { readonly kind: 'full'; readonly name: AgentName; readonly waiting: number }
  /** A topic that nobody but the sender has joined, or an agent that has given its name up. */
  | { readonly kind: 'nobody' }

export interface Appended {
  readonly message: Message
  readonly sender: AgentId
  readonly target: Target
}

/** Where a message went. */
export type Target =
  | {
      readonly kind: 'agent'
      readonly agent: AgentId
      readonly name: AgentName
      readonly lastSeenAt: number
      /** The name that the sender wrote, where it only forwards. */
      readonly forwardedFrom: AgentName | undefined
    }
  | { readonly kind: 'unclaimed'; readonly name: AgentName }
  | {
      readonly kind: 'topic'
      readonly topic: TopicName
      /** Members but the sender. */
      readonly recipients: number
      /** Members who must not be pushed it: their share was full and it has bounced for them, or it is no news. */
      readonly bounced: readonly AgentId[]
    }

export interface Settlement {
  readonly agent: AgentId
  readonly ids: readonly MessageId[]
  readonly state: Extract<ReceiptState, 'offered' | 'shown' | 'answered'>
  readonly route: Route | undefined
  readonly at: number
}

export interface SettleOutcome {
  readonly moved: readonly Settled[]
  /** Unread messages that the agent has left. */
  readonly waiting: number
}

/** One receipt that moved. */
export interface Settled {
  readonly id: MessageId
  readonly seq: number
  readonly sender: AgentId
  /** False for a message to a topic. */
  readonly direct: boolean
  /** It has waited until now, and waits no longer. */
  readonly wasUnread: boolean
}

export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly agent: AgentRecord; readonly created: boolean }
  | { readonly kind: 'taken'; readonly forwardsTo: AgentName | undefined; readonly until: number | undefined }

export type RenameOutcome =
  | { readonly kind: 'renamed'; readonly previous: AgentName; readonly name: AgentName }
  | { readonly kind: 'taken' }
  /** The agent has given its name up. */
  | { readonly kind: 'gone' }
  /** Milliseconds since 1970 of the last rename. */
  | { readonly kind: 'too_soon'; readonly renamedAt: number }

export type JoinOutcome =
  | { readonly kind: 'joined' | 'already'; readonly members: number }
  | { readonly kind: 'too_many' }
  /** The agent has given its name up. */
  | { readonly kind: 'gone' }

export interface Trouble {
  readonly id: MessageId
  readonly state: 'expired' | 'bounced'
  readonly sender: AgentId
  readonly to: Address
  readonly sentAt: number
  readonly excerpt: string
  readonly recipients: readonly AgentName[]
}

/** The storage failed. `unavailable`: it may come back (disk full, I/O error). */
export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  readonly kind: 'unavailable' | 'broken' | 'closed'
  constructor(kind: LedgerError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}
