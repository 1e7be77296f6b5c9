import { createHash } from 'node:crypto'
import { closeSync, constants, copyFileSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openLedger, type AgentId, type Draft, type Ledger } from '../../../hub/ledger/index.ts'
import type { AgentName } from '../../../protocol/index.ts'

/** Bytes of a body, as in the other scenarios. */
const bodyBytes = 200
/** Operations that are handed over at a time: they share a commit. */
const atOnce = 512
const dayMs = 24 * 3_600_000
/** No limit: what the default allows is not what is measured here. */
const depth = 100_000_000

/** The agent that has the large mailbox. Its key is in the code, so that whoever drains it may. */
export const keeper = 'keeper'
export const keeperKey = 'keeper-of-the-one-large-mailbox-of-all-----'
/** Of what waits, one in so many is for the keeper, up to `keeperMost`; the rest is spread over `others` names. */
const keeperShare = 5
const keeperMost = 200_000
const others = 1_000

export interface FillLedgersInput {
  /** Ascending: each home is the one before it, and more. */
  readonly homes: readonly {
    readonly folder: string
    /** Unread messages in all. */
    readonly waiting: number
    /** Registered agents `agent-0` and so on that are away, beside the few that a backlog needs. */
    readonly agents: number
    /** Names `future-0` and so on that nobody has taken, with a message each. */
    readonly names: number
  }[]
}

/** Homes with a ledger each, written by the product's own ledger: durable, and closed in order. */
export async function fillLedgers({ homes }: FillLedgersInput): Promise<void> {
  const filled = { waiting: 0, agents: 0, names: 0 }
  let previous: string | undefined
  for (const { folder, waiting, agents, names } of homes) {
    mkdirSync(folder, { mode: 0o700 })
    if (previous !== undefined) copyHome(previous, folder)
    const ledger = await openLedger({ file: join(folder, 'bellhop.db') })
    const sender = await claim(ledger, 'seeder', 'seeder')
    await claim(ledger, keeper, keeperKey)
    await inBatches(filled.agents, agents, (index) => claim(ledger, `agent-${index}`, `agent-${index}`))
    await inBatches(filled.names, names, (index) => ledger.append(draft(sender, `future-${index}`, `future-${index}`)))
    if (waiting > 0) await inBatches(0, others / 2, (index) => claim(ledger, `other-${index}`, `other-${index}`))
    await inBatches(filled.waiting, waiting, (index) => ledger.append(draft(sender, recipientOf(index), `w-${index}`)))
    await ledger.close()
    Object.assign(filled, { waiting, agents, names })
    previous = folder
  }
}

/** Messages for the keeper among so many. */
export function keptOf(waiting: number): number {
  return Math.min(Math.ceil(waiting / keeperShare), keeperMost)
}

/** A home that nobody uses, as it is; a file system that can do so copies nothing before it is changed. */
export function copyHome(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    const copy = join(to, name)
    copyFileSync(join(from, name), copy, constants.COPYFILE_FICLONE)
    // Otherwise the first sync of whoever uses the copy would wait until all of it is on the disk.
    const file = openSync(copy, 'r+')
    fsyncSync(file)
    closeSync(file)
  }
}

function recipientOf(index: number): string {
  const isKept = index % keeperShare === 0 && index / keeperShare < keeperMost
  return isKept ? keeper : `other-${index % others}`
}

async function claim(ledger: Ledger, name: string, key: string): Promise<AgentId> {
  const now = Date.now()
  const keyHash = createHash('sha256').update(key).digest('base64url')
  const claimed = await ledger.claim({ name: name as AgentName, keyHash, now, extendTo: now + 30 * dayMs })
  if (claimed.kind === 'taken') throw new Error(`${name} is taken`)
  return claimed.agent.id
}

function draft(sender: AgentId, to: string, clientId: string): Draft {
  const sentAt = Date.now()
  return {
    recipient: { kind: 'name', name: to as AgentName },
    sender,
    senderName: 'seeder' as AgentName,
    clientId: clientId.padStart(16, '0'),
    kind: 'message',
    content: 'x'.repeat(bodyBytes),
    data: undefined,
    replyTo: undefined,
    thread: undefined,
    priority: 'normal',
    blob: undefined,
    sentAt,
    expiresAt: sentAt + 30 * dayMs,
    expiresAtUnclaimed: sentAt + 7 * dayMs,
    depth,
  }
}

async function inBatches(from: number, to: number, one: (index: number) => Promise<unknown>): Promise<void> {
  for (let begin = from; begin < to; begin += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, to - begin) }, (_, index) => one(begin + index)))
  }
}
