import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import type { Message } from '../../protocol/index.ts'
import { collectOperations } from '../../hub/ledger/collect.ts'
import { inlineEngine } from '../../hub/ledger/inline-engine.ts'
import type { AgentId } from '../../hub/ledger/ledger.ts'
import { LedgerRefusal } from '../../hub/ledger/refusal.ts'
import { openDatabase } from '../../hub/ledger/sqlite/open-database.ts'
import { writeWitness } from '../../hub/ledger/sqlite/witness.ts'
import { claim, send, type FullLedger } from '../suites/ledger/fixture.ts'
import { silentLog } from '../hub/ledger/support.ts'

/** A ledger on disk as a hub left it, and what it holds for one reader. */
export interface Kept {
  readonly folder: string
  readonly epoch: string
  readonly reader: AgentId
  readonly messages: readonly Message[]
}

/** What a ledger did that was opened on damaged files. */
export type Outcome =
  | { readonly kind: 'refused'; readonly message: string; readonly untouched: boolean }
  | {
      readonly kind: 'opened'
      readonly sameEpoch: boolean
      /** How many of the messages from the first on are there, with nothing missing between them. */
      readonly prefix: number
      /** Messages behind the first that is missing, or that were never sent. */
      readonly astray: number
      /** Messages that are not as they were sent. */
      readonly changed: number
    }

function open(folder: string): { db: Database.Database; ledger: FullLedger } {
  const file = join(folder, 'ledger.db')
  const db = openDatabase(file, silentLog)
  return { db, ledger: collectOperations(inlineEngine(db, file, silentLog), silentLog) }
}

async function readAll(ledger: FullLedger, agent: AgentId): Promise<Message[]> {
  const messages: Message[] = []
  for (;;) {
    const page = await ledger.unread({ agent, after: messages.at(-1)?.seq ?? 0, limit: 100, now: 0 })
    messages.push(...page)
    if (page.length < 100) return messages
  }
}

/** Two copies: one of a ledger whose hub was killed, with a log that holds much, and one of it closed in order. */
export async function keepLedgers(folder: string, messages: number): Promise<{ killed: Kept; closed: Kept }> {
  const live = join(folder, 'live')
  mkdirSync(live)
  const { db, ledger } = open(live)
  const alice = await claim(ledger, 'alice')
  const bob = await claim(ledger, 'bob')
  const fill = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n += 1) {
      await send(ledger, alice, { to: 'bob', content: `message ${n} ${'.'.repeat((n % 7) * 100)}` })
    }
  }
  await fill(0, messages)
  // What is in the log from here on is nowhere else.
  db.pragma('wal_checkpoint(TRUNCATE)')
  await fill(messages, messages + Math.floor(messages / 2))
  const commits = db.prepare<[], number>('SELECT commits FROM ledger').pluck().get() ?? 0
  writeWitness(join(live, 'ledger.db'), { epoch: ledger.epoch, commits })
  const kept = { epoch: ledger.epoch, reader: bob.id, messages: await readAll(ledger, bob.id) }
  cpSync(live, join(folder, 'killed'), { recursive: true })
  await ledger.close()
  cpSync(live, join(folder, 'closed'), { recursive: true })
  return { killed: { ...kept, folder: join(folder, 'killed') }, closed: { ...kept, folder: join(folder, 'closed') } }
}

/** Damages one file of a copy, opens the ledger on it, and reads everything. Anything thrown but a refusal is thrown. */
export async function openDamaged(
  kept: Kept,
  name: string,
  damage: (bytes: Buffer) => Uint8Array | undefined,
): Promise<Outcome> {
  const folder = `${kept.folder}-damaged`
  rmSync(folder, { recursive: true, force: true })
  cpSync(kept.folder, folder, { recursive: true })
  const damaged = damage(readFileSync(join(folder, name)))
  if (damaged) writeFileSync(join(folder, name), damaged)
  else rmSync(join(folder, name))
  const before = hashFolder(folder)
  let ledger: FullLedger
  try {
    ledger = open(folder).ledger
  } catch (error) {
    if (!(error instanceof LedgerRefusal)) throw error
    return { kind: 'refused', message: error.message, untouched: hashFolder(folder) === before }
  }
  try {
    return {
      kind: 'opened',
      sameEpoch: ledger.epoch === kept.epoch,
      ...compare(kept, await readAll(ledger, kept.reader)),
    }
  } finally {
    await ledger.close()
  }
}

function compare({ messages }: Kept, found: readonly Message[]): { prefix: number; astray: number; changed: number } {
  const missing = messages.findIndex(({ seq }, index) => found[index]?.seq !== seq)
  const prefix = missing < 0 ? messages.length : missing
  const changed = found.slice(0, prefix).filter((message, index) => !same(message, messages[index])).length
  return { prefix, astray: found.length - prefix, changed }
}

function same(message: Message, sent: Message | undefined): boolean {
  return JSON.stringify(message) === JSON.stringify(sent)
}

/** Every file of a folder whose name fits, with its name. */
export function hashFolder(folder: string, names = /./): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).toSorted()) {
    if (names.test(name)) hash.update(`${name}\n`).update(readFileSync(join(folder, name)))
  }
  return hash.digest('hex')
}
