import { expect, it, onTestFinished } from 'vitest'
import { collectOperations } from '../../../hub/ledger/collect.ts'
import { inlineEngine } from '../../../hub/ledger/inline-engine.ts'
import type { Engine } from '../../../hub/ledger/operations.ts'
import { openDatabase } from '../../../hub/ledger/sqlite/open-database.ts'
import { claim, send, unread, type FullLedger } from '../../suites/ledger/fixture.ts'
import { silentLog } from './support.ts'

/** A ledger in memory, and the names of the operations of each batch that it carried out. */
function openWatched(): { ledger: FullLedger; batches: string[][] } {
  const batches: string[][] = []
  const engine = inlineEngine(openDatabase(':memory:', silentLog), undefined, silentLog)
  const watched: Engine = {
    ...engine,
    run(batch) {
      batches.push(batch.map(({ name }) => name))
      return engine.run(batch)
    },
  }
  const ledger = collectOperations(watched, silentLog)
  onTestFinished(() => ledger.close())
  return { ledger, batches }
}

it('asks for few pages at a time, however many agents come back at once: the answers cross as one string', async () => {
  const { ledger, batches } = openWatched()
  const alice = await claim(ledger, 'alice')
  const bob = await claim(ledger, 'bob')
  batches.length = 0
  const pages = Array.from({ length: 1_000 }, () => unread(ledger, bob.id))
  const sent = send(ledger, alice, { to: 'bob', content: 'after them' })
  expect((await Promise.all(pages)).flat()).toEqual([])
  await sent
  expect(Math.max(...batches.map(({ length }) => length))).toBe(12)
  expect(batches.flat()).toEqual([...pages.map(() => 'unread'), 'append'])
})

it('carries out many other operations together', async () => {
  const { ledger, batches } = openWatched()
  const alice = await claim(ledger, 'alice')
  batches.length = 0
  await Promise.all(Array.from({ length: 1_000 }, (_, n) => send(ledger, alice, { to: 'bob', content: String(n) })))
  expect(batches.map(({ length }) => length)).toEqual([192, 192, 192, 192, 192, 40])
})
