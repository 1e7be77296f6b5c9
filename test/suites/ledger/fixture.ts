import { expect } from 'vitest'
import type { AgentName, Message, MessageId, TopicName } from '../../../protocol/index.ts'
import type {
  AgentId,
  AgentRecord,
  Appended,
  AppendOutcome,
  Draft,
  History,
  Ledger,
} from '../../../hub/ledger/index.ts'

export type FullLedger = Ledger & History

/** `reopen`, where the storage outlives the process: closes this one and opens the same storage again. */
export interface OpenedLedger {
  readonly ledger: FullLedger
  readonly reopen?: () => Promise<FullLedger>
}
export type OpenLedger = () => Promise<OpenedLedger>

/** The time at which every test begins. */
export const start = 1_800_000_000_000
export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export const nameOf = (text: string): AgentName => text as AgentName
export const topicOf = (text: string): TopicName => text as TopicName

/** Takes a name for an agent whose key is `key`. */
export async function claim(
  ledger: FullLedger,
  name: string,
  { key = `key of ${name}`, now = start, extendTo = start }: { key?: string; now?: number; extendTo?: number } = {},
): Promise<AgentRecord> {
  const outcome = await ledger.claim({ name: nameOf(name), keyHash: key, now, extendTo })
  if (outcome.kind !== 'claimed') throw new Error(`${name} is taken`)
  return outcome.agent
}

export type DraftChange = Partial<Omit<Draft, 'recipient'>> & { to: string | AgentId }

let drafts = 0

/** A message from `sender`: to a name, a topic, or an agent's id. */
export function draft(sender: Pick<AgentRecord, 'id' | 'name'>, { to, ...change }: DraftChange): Draft {
  drafts += 1
  return {
    recipient:
      typeof to === 'number'
        ? { kind: 'agent', agent: to }
        : to.startsWith('#')
          ? { kind: 'topic', topic: topicOf(to) }
          : { kind: 'name', name: nameOf(to) },
    sender: sender.id,
    senderName: sender.name,
    clientId: `client-${drafts}`,
    kind: 'message',
    content: 'hello',
    data: undefined,
    replyTo: undefined,
    thread: undefined,
    priority: 'normal',
    blob: undefined,
    sentAt: start,
    expiresAt: start + 30 * day,
    expiresAtUnclaimed: start + 7 * day,
    depth: 1_000,
    ...change,
  }
}

/** Sends, and expects that it was stored. */
export async function send(
  ledger: FullLedger,
  sender: Pick<AgentRecord, 'id' | 'name'>,
  change: DraftChange,
): Promise<Appended> {
  return stored(await ledger.append(draft(sender, change)))
}

export function stored(outcome: AppendOutcome): Appended {
  if (outcome.kind !== 'stored') throw new Error(`not stored: ${outcome.kind}`)
  const { message, sender, target } = outcome
  return { message, sender, target }
}

export async function unread(ledger: FullLedger, agent: AgentId, now = start): Promise<Message[]> {
  return ledger.unread({ agent, after: 0, limit: 1_000, now })
}

export async function unreadContents(ledger: FullLedger, agent: AgentId, now = start): Promise<string[]> {
  return (await unread(ledger, agent, now)).map(({ content }) => content)
}

/** Marks as shown, and answers how many moved. */
export async function show(ledger: FullLedger, agent: AgentId, ids: readonly MessageId[], at = start): Promise<number> {
  return (await ledger.settle({ agent, ids, state: 'shown', route: 'fetch', at })).moved.length
}

export async function waiting(ledger: FullLedger, agent: AgentId, now = start): Promise<number> {
  return (await ledger.countUnread({ agent, upTo: 0, now })).waiting
}

/** States of the recipients of one message, by name, and how many are only queued. */
export async function statesOf(
  ledger: FullLedger,
  sender: AgentId,
  id: MessageId,
): Promise<{ states: Record<string, string>; queued: number }> {
  const { receipts } = await ledger.receipts({ sender, id, before: undefined, limit: 1 })
  expect(receipts).toHaveLength(1)
  const { recipients, queued } = receipts[0]!
  return { states: Object.fromEntries(recipients.map(({ name, state }) => [name, state])), queued }
}
