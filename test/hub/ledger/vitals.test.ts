import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { collectOperations } from '../../../hub/ledger/collect.ts'
import { inlineEngine } from '../../../hub/ledger/inline-engine.ts'
import { oldestQueries } from '../../../hub/ledger/sqlite/oldest-waiting.ts'
import { openDatabase } from '../../../hub/ledger/sqlite/open-database.ts'
import { sumQueries } from '../../../hub/ledger/sqlite/totals.ts'
import { claim, draft, send, show, start, type FullLedger } from '../../suites/ledger/fixture.ts'
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

function planOf(db: Database.Database, query: string): string[] {
  const values = query.includes('?') ? [0] : []
  return db
    .prepare<number[], { detail: string }>(`EXPLAIN QUERY PLAN ${query}`)
    .all(...values)
    .map(({ detail }) => detail)
}

/** Goes over all messages, or all receipts. */
const scansMail = /^SCAN (?:m|r|messages|receipts)\b/

describe('vitals with a large backlog', () => {
  test.each(Object.entries({ ...sumQueries, ...oldestQueries }))('"%s" goes over no table of mail', (_name, query) => {
    const plan = planOf(openBoth().db, query)
    expect(plan.filter((step) => scansMail.test(step))).toEqual([])
    expect(plan.length).toBeGreaterThan(0)
  })

  test('the oldest is looked for from a place on, in the order of the ledger', () => {
    const { db } = openBoth()
    expect(planOf(db, oldestQueries.onwards)[0]).toBe('SEARCH m USING INTEGER PRIMARY KEY (rowid>?)')
    expect(planOf(db, oldestQueries.behind).join('\n')).toContain(
      'SEARCH m USING COVERING INDEX messages_address (address=? AND rowid>?)',
    )
    // The same look at a plan finds what is there.
    expect(planOf(db, 'SELECT count(*) FROM messages m').filter((step) => scansMail.test(step))).toHaveLength(1)
  })

  test('the oldest is found behind a long stretch of settled mail', async () => {
    const { ledger, db } = openBoth()
    const alice = await claim(ledger, 'alice')
    const bob = await claim(ledger, 'bob')
    await claim(ledger, 'carol')
    const first = await send(ledger, alice, { to: 'bob', sentAt: start + 1 })
    const read = await send(ledger, alice, { to: 'carol', sentAt: start + 2 })
    expect((await ledger.vitals()).oldestSentAt).toBe(start + 1)
    settleMany(db, read.message.seq, 30_000)
    db.prepare('UPDATE addresses SET count = 0 WHERE id = (SELECT mailbox FROM agents WHERE name = ?)').run('carol')
    await send(ledger, alice, { to: 'bob', sentAt: start + 3 })
    await show(ledger, bob.id, [first.message.id])
    expect((await ledger.vitals()).oldestSentAt).toBe(start + 3)
  })

  test('what a full disk undid is not counted', async () => {
    const { ledger, db } = openBoth()
    const alice = await claim(ledger, 'alice')
    const bob = await claim(ledger, 'bob')
    const kept = await send(ledger, alice, { to: 'bob', sentAt: start + 1 })
    const before = await ledger.vitals()
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`)
    const outcomes = await Promise.allSettled([
      ledger.settle({ agent: bob.id, ids: [kept.message.id], state: 'shown', route: 'wait', at: start }),
      ledger.append(draft(alice, { to: '#all' })),
      ledger.append(draft(alice, { to: 'bob', content: 'x'.repeat(100_000) })),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await ledger.vitals()).toEqual(before)
  })
})

/** Settled messages as if they had been sent and read: copies of one that is there, which is settled too. */
function settleMany(db: Database.Database, seq: number, copies: number): void {
  db.prepare(
    `INSERT INTO messages (address, sender, sender_name, to_name, client_id, kind, content, priority, sent_at, expires_at, audience)
     WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
     SELECT address, sender, sender_name, to_name, 'copy-' || i, kind, content, priority, sent_at, expires_at, audience
     FROM messages, n WHERE seq = ?`,
  ).run(copies, seq)
  db.prepare('INSERT INTO receipts (seq, reader, rank, shown_at) SELECT seq, 0, 2, 0 FROM messages WHERE seq >= ?').run(
    seq,
  )
}
