import { cpSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import type { Message } from '../../protocol/index.ts'
import { startHubChild, type HubChild } from '../support/hub-child.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { enter, greet, Refused, type WirePeer } from '../support/wire.ts'
import { fast, underStrace } from './strace.ts'

/** What fails, in the words of strace, and on which of the two files. */
export interface Fault {
  /** Of the system calls that are named, which fail and with what. */
  readonly inject: string
  /** Suffixes of the database's name. */
  readonly files: readonly ('' | '-wal')[]
}

/** A home with two agents and mail for one of them, as every round begins with it. */
export interface Prepared {
  readonly home: string
  readonly sessions: { readonly alice: string; readonly bob: string }
  readonly contents: readonly string[]
}

const settings = {
  BELLHOP_PORT: '0',
  BELLHOP_SENDS_PER_MINUTE: '1000000',
  BELLHOP_MAILBOX_DEPTH: '100000',
  // No write but those of the round: which one fails must not depend on time.
  BELLHOP_SWEEP_SECONDS: '3600',
}

export async function prepare(): Promise<Prepared> {
  const home = temporaryFolder()
  const hub = await startHubChild({ ...settings, BELLHOP_HOME: home })
  const where = { url: hub.url, home: { folder: home } }
  const alice = await enter(where, 'alice')
  const bob = await enter(where, 'bob')
  const contents = Array.from({ length: 5 }, (_, n) => `before-${n}`)
  for (const content of contents) await alice.peer.request('send', { clientId: content, to: 'bob', content })
  await hub.end('SIGTERM')
  return {
    home,
    sessions: { alice: alice.attached.session.token, bob: bob.attached.session.token },
    contents,
  }
}

/** What one round did to sends. */
export interface Tally {
  readonly accepted: number
  readonly refused: number
  /** Refused, and accepted when they were sent again with the same client id. */
  readonly mended: number
  readonly faults: number
}

/**
 * One hub on a copy of the home, whose disk fails as the fault says. Every send is answered or refused with what
 * to do; what was answered is there, in order, once, before and after a kill; what was refused is not; reading goes
 * on; and with the fault gone, all is as before.
 */
export async function round({ home, sessions, contents }: Prepared, fault: Fault, sends: number): Promise<Tally> {
  const folder = temporaryFolder()
  cpSync(home, folder, { recursive: true })
  const env = { ...settings, BELLHOP_HOME: folder }
  const database = join(folder, 'bellhop.db')
  const paths = fault.files.flatMap((suffix) => ['-P', `${database}${suffix}`])
  const calls = ['-e', 'trace=pwrite64,fsync,fdatasync,ftruncate', '-e', `inject=${fault.inject}`]
  const hub = await startHubChild(env, underStrace([fast, '-s', '0', ...paths, ...calls]))
  const alice = await resume(hub, folder, sessions.alice)
  const bob = await resume(hub, folder, sessions.bob)

  const expected = [...contents]
  let refused = 0
  let mended = 0
  for (let n = 0; n < sends; n += 1) {
    // Larger and smaller ones, to one and to all: the pages that are written differ.
    const content = `sent ${n}${' '.repeat((n % 4) * 2_500)}`
    const tries = await attempts(alice, n % 5 === 4 ? '#all' : 'bob', content, `sent-${n}`)
    if (tries === undefined) refused += 1
    else expected.push(content)
    if (tries === 2) mended += 1
    if (n % 4 === 0) expect(await unread(bob)).toEqual(expected)
  }
  expect(await unread(bob)).toEqual(expected)
  await hub.end('SIGKILL')
  const faults = (await hub.report).split('(INJECTED)').length - 1

  const again = await startHubChild(env)
  const [aliceAgain, bobAgain] = [
    await resume(again, folder, sessions.alice),
    await resume(again, folder, sessions.bob),
  ]
  expect(await unread(bobAgain)).toEqual(expected)
  expect(await accepted(aliceAgain, 'bob', 'after', 'after')).toBe(true)
  expect(await unread(bobAgain)).toEqual([...expected, 'after'])
  await again.end('SIGTERM')
  checkWhole(database, expected.length + 1)
  return { accepted: expected.length - contents.length, refused, mended, faults }
}

async function resume(hub: HubChild, home: string, session: string): Promise<WirePeer> {
  const peer = await greet({ url: hub.url, home: { folder: home } })
  await peer.request('resume', { session, window: 0 })
  return peer
}

/** Sends, and once more where that is refused; answers which of the two was accepted. */
async function attempts(peer: WirePeer, to: string, content: string, clientId: string): Promise<1 | 2 | undefined> {
  if (await accepted(peer, to, content, clientId)) return 1
  return (await accepted(peer, to, content, clientId)) ? 2 : undefined
}

/** False where it was refused for the disk's sake, with what to do about it; any other refusal fails. */
async function accepted(peer: WirePeer, to: string, content: string, clientId: string): Promise<boolean> {
  try {
    await peer.request('send', { clientId, to, content })
    return true
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    expect(error.error.data).toMatchObject({ reason: 'storage_unavailable', temporary: true })
    expect(error.error.data?.next).toMatch(/^Free space on the disk .*then send again/)
    return false
  }
}

/** Everything that waits, over all pages. */
async function unread(peer: WirePeer): Promise<string[]> {
  const messages: Message[] = []
  for (;;) {
    const page = await peer.request('fetch', { after: messages.at(-1)?.seq ?? 0, limit: 100 })
    messages.push(...page.messages)
    if (!page.more) return messages.map(({ content }) => content)
  }
}

function checkWhole(database: string, messages: number): void {
  const db = new Database(database, { readonly: true })
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const count = db.prepare<[], number>('SELECT count(*) FROM messages').pluck()
    expect(count.get()).toBe(messages)
    const waiting = db.prepare<[], number>(
      `SELECT count FROM addresses WHERE owner = (SELECT id FROM agents WHERE name = 'bob')`,
    )
    const direct = db.prepare<[], number>(`SELECT count(*) FROM messages WHERE to_name = 'bob'`).pluck()
    expect(waiting.pluck().get()).toBe(direct.get())
  } finally {
    db.close()
  }
}
