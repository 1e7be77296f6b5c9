import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collectOperations } from '../../../hub/ledger/collect.ts'
import { inlineEngine } from '../../../hub/ledger/inline-engine.ts'
import { openDatabase } from '../../../hub/ledger/sqlite/open-database.ts'
import { workerEngine } from '../../../hub/ledger/worker-engine.ts'
import {
  claim,
  draft,
  send,
  show,
  unread,
  unreadContents,
  waiting,
  type FullLedger,
} from '../../suites/ledger/fixture.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { silentLog } from './support.ts'

/** A ledger on a file, with its database in the test's hands. */
function openBoth(): { ledger: FullLedger; db: Database.Database } {
  const file = join(temporaryFolder(), 'ledger.db')
  const db = openDatabase(file, silentLog)
  const ledger = collectOperations(inlineEngine(db, file, silentLog), silentLog)
  onTestFinished(() => ledger.close())
  return { ledger, db }
}

/** Lets the database grow by so many pages and no more. */
function leavePages(db: Database.Database, pages: number): void {
  const count = Number(db.pragma('page_count', { simple: true }))
  db.pragma(`max_page_count = ${count + pages}`)
}

describe('a disk that is full', () => {
  it('refuses the whole batch, loses nothing, answers reads, and works again when there is space', async () => {
    const { ledger, db } = openBoth()
    const alice = await claim(ledger, 'alice')
    const bob = await claim(ledger, 'bob')
    const announced: string[] = []
    ledger.onAppend(({ message }) => announced.push(message.content))
    const kept = await send(ledger, alice, { to: 'bob', content: 'kept' })
    leavePages(db, 4)

    const small = draft(alice, { to: 'bob', content: 'small' })
    const outcomes = await Promise.allSettled([
      ledger.append(small),
      ledger.append(draft(alice, { to: 'bob', content: 'x'.repeat(100_000) })),
      ledger.settle({ agent: bob.id, ids: [kept.message.id], state: 'shown', route: 'wait', at: 0 }),
      ledger.claim({ name: 'carol' as never, keyHash: 'k', now: 0, extendTo: 0 }),
      unreadContents(ledger, bob.id),
      waiting(ledger, bob.id),
    ])
    const refused = {
      status: 'rejected',
      reason: expect.objectContaining({ name: 'LedgerError', kind: 'unavailable' }),
    }
    expect(outcomes).toEqual([
      refused,
      refused,
      refused,
      refused,
      { status: 'fulfilled', value: ['kept'] },
      { status: 'fulfilled', value: 1 },
    ])
    expect(announced).toEqual(['kept'])
    expect(await ledger.countAgents()).toBe(2)

    leavePages(db, 10_000)
    // The same client id: it was not stored, so it is not a repetition.
    expect((await ledger.append(small)).kind).toBe('stored')
    expect(await unreadContents(ledger, bob.id)).toEqual(['kept', 'small'])
    expect(await show(ledger, bob.id, [kept.message.id])).toBe(1)
    expect(await waiting(ledger, bob.id)).toBe(1)
  })
})

describe('a fault in one operation', () => {
  it('undoes that one alone', async () => {
    const { ledger, db } = openBoth()
    const alice = await claim(ledger, 'alice')
    const bob = await claim(ledger, 'bob')
    db.exec(`CREATE TEMP TRIGGER fault AFTER INSERT ON main.messages WHEN new.content = 'bad'
      BEGIN SELECT raise(ABORT, 'injected'); END`)
    const outcomes = await Promise.allSettled([
      send(ledger, alice, { to: 'bob', content: 'one' }),
      send(ledger, alice, { to: 'new-name', content: 'bad' }),
      send(ledger, alice, { to: 'bob', content: 'two' }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('injected') } })
    expect(await unreadContents(ledger, bob.id)).toEqual(['one', 'two'])
    expect(await waiting(ledger, bob.id)).toBe(2)
    const outcome = await ledger.append(draft(alice, { to: 'new-name', content: 'good' }))
    expect(outcome).toMatchObject({ kind: 'stored', target: { kind: 'unclaimed' } })
  })
})

describe('batches', () => {
  it('commit once for each turn of the event loop, and not at all when they only read', async () => {
    const { ledger, db } = openBoth()
    const alice = await claim(ledger, 'alice')
    const bob = await claim(ledger, 'bob')
    const commits = db.prepare<[], number>('SELECT commits FROM ledger').pluck()
    const before = commits.get()!
    await Promise.all(Array.from({ length: 50 }, () => send(ledger, alice, { to: 'bob' })))
    expect(commits.get()).toBe(before + 1)
    const mail = await unread(ledger, bob.id)
    await Promise.all([ledger.head(), waiting(ledger, bob.id), ledger.topics(bob.id)])
    expect(commits.get()).toBe(before + 1)
    await Promise.all(mail.map(({ id }) => show(ledger, bob.id, [id])))
    expect(commits.get()).toBe(before + 2)
    await show(ledger, bob.id, [mail[0]!.id])
    expect(commits.get()).toBe(before + 2)
  })

  it('read without starting at settled mail', async () => {
    const { ledger, db } = openBoth()
    const alice = await claim(ledger, 'alice')
    const bob = await claim(ledger, 'bob')
    const cursor = db.prepare<[number], number>('SELECT max(cursor) FROM memberships WHERE agent = ?').pluck()
    const sent = await Promise.all(Array.from({ length: 6 }, () => send(ledger, alice, { to: 'bob' })))
    const ids = sent.map(({ message }) => message.id)
    await show(ledger, bob.id, [ids[1]!, ids[2]!])
    expect(cursor.get(bob.id)).toBe(0)
    await show(ledger, bob.id, [ids[0]!])
    expect(cursor.get(bob.id)).toBe(3)
    await show(ledger, bob.id, ids)
    expect(cursor.get(bob.id)).toBe(6)
  })
})

describe('a worker that dies', () => {
  it('rejects what was under way and all that follows as broken', async () => {
    const script = `
      const { parentPort } = require('node:worker_threads')
      parentPort.postMessage(JSON.stringify({ kind: 'ready', epoch: 'abcdefgh' }))
      parentPort.on('message', () => process.exit(1))`
    const worker = new Worker(script, { eval: true })
    const exited = once(worker, 'exit')
    const ledger = collectOperations(await workerEngine(worker, silentLog), silentLog)
    const broken = { name: 'LedgerError', kind: 'broken' }
    const first = ledger.head()
    const second = ledger.countAgents()
    await expect(first).rejects.toMatchObject(broken)
    await expect(second).rejects.toMatchObject(broken)
    await exited
    await expect(ledger.head()).rejects.toMatchObject(broken)
    await ledger.close()
  })

  it('before it is ready, rejects the opening', async () => {
    const worker = new Worker('throw new Error("no such module")', { eval: true })
    await expect(workerEngine(worker, silentLog)).rejects.toMatchObject({ name: 'LedgerError', kind: 'broken' })
  })
})
