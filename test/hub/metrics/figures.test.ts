import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SteadyClock } from '../../../hub/clock.ts'
import { Health } from '../../../hub/health.ts'
import { collectOperations } from '../../../hub/ledger/collect.ts'
import { LedgerError, openMemoryLedger } from '../../../hub/ledger/index.ts'
import { meterBatches } from '../../../hub/ledger/metered-engine.ts'
import type { Engine } from '../../../hub/ledger/operations.ts'
import { Distribution } from '../../../hub/metrics/distribution.ts'
import { expose } from '../../../hub/metrics/exposition.ts'
import { figuresOf } from '../../../hub/metrics/figures.ts'
import { takeReading, type Sources } from '../../../hub/metrics/reading.ts'
import { Tally } from '../../../hub/metrics/tally.ts'
import { HubFigures } from '../../../protocol/index.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { silentLog } from '../ledger/support.ts'
import { parseExposition } from './parse.ts'

describe('a distribution', () => {
  test('counts each value in one step, and tells shares as well as the steps do', () => {
    const distribution = new Distribution([1, 2, 4])
    expect(distribution.quantile(0.5)).toBeUndefined()
    for (const value of [0.5, 1, 1.5, 3]) distribution.observe(value)
    expect(distribution.cumulative()).toEqual([2, 3, 4])
    expect([distribution.count, distribution.sum]).toEqual([4, 6])
    expect(distribution.quantile(0.5)).toBe(1)
    expect(distribution.quantile(0.75)).toBe(2)
    expect(distribution.quantile(0.25)).toBe(0.5)
    expect(distribution.quantile(1)).toBe(4)
  })

  test('counts what is beyond its last step, and tells no more of it than that', () => {
    const distribution = new Distribution([1, 2])
    distribution.observe(9)
    expect(distribution.cumulative()).toEqual([0, 0])
    expect([distribution.count, distribution.quantile(0.99)]).toEqual([1, 2])
  })
})

/** A ledger whose storage does not answer. */
function stalled(): ReturnType<typeof collectOperations> {
  const engine: Engine = {
    epoch: 'epoch',
    run: () => new Promise(() => undefined),
    copyTo: () => Promise.reject(new Error('no copies')),
    close: () => Promise.resolve(),
  }
  return collectOperations(engine, silentLog)
}

async function sources(changes: Partial<Sources> = {}): Promise<Sources> {
  const folder = temporaryFolder()
  return {
    tally: new Tally(),
    ledger: await openMemoryLedger(),
    clock: new SteadyClock(),
    health: new Health(),
    home: { folder, database: join(folder, 'none.db') },
    online: () => 0,
    connections: () => 0,
    handshakes: () => 0,
    ...changes,
  }
}

async function samples(of: Sources): Promise<ReadonlyMap<string, number>> {
  const families = parseExposition((await expose(await takeReading(of))).text)
  return new Map([...families.values()].flatMap(({ samples }) => [...samples]))
}

describe('a reading', () => {
  test('tells when the disk refuses writes, and when it takes them again', async () => {
    const health = new Health()
    const of = await sources({ health })
    expect((await samples(of)).get('bellhop_writable')).toBe(1)
    health.failed(new LedgerError('unavailable', 'full'))
    expect((await samples(of)).get('bellhop_writable')).toBe(0)
    health.wrote()
    expect((await samples(of)).get('bellhop_writable')).toBe(1)
  })

  test('is had without the storage: what only it knows is left out', async () => {
    const ledger = { epoch: 'e', queued: () => 7, vitals: () => Promise.reject(new LedgerError('broken', 'gone')) }
    const of = await sources({ ledger })
    const told = await samples(of)
    expect(told.get('bellhop_queued_operations')).toBe(7)
    expect(told.get('bellhop_disk_free_bytes')).toBeGreaterThan(0)
    expect([...told.keys()].filter((key) => /_waiting_|^bellhop_blob|="registered"|_database_/.test(key))).toEqual([])
    const figures = HubFigures.parse(figuresOf(await takeReading(of)))
    expect([figures.waiting, figures.blobs, figures.queued]).toEqual([undefined, undefined, 7])
  })

  test('leaves the age of the oldest out while it is not known', async () => {
    const vitals = {
      waiting: { mailboxes: 3, topics: 0 },
      oldestSentAt: undefined,
      agents: 1,
      blobs: { count: 0, bytes: 0 },
    }
    const of = await sources({ ledger: { epoch: 'e', queued: () => 0, vitals: () => Promise.resolve(vitals) } })
    const told = await samples(of)
    expect(told.get('bellhop_waiting_messages{place="mailbox"}')).toBe(3)
    expect(told.has('bellhop_oldest_waiting_seconds')).toBe(false)
  })
})

test('operations that wait for their batch are counted until it takes them', async () => {
  const ledger = stalled()
  for (let index = 0; index < 3; index += 1) void ledger.head()
  expect(ledger.queued()).toBe(3)
  await new Promise((resolve) => setImmediate(resolve))
  // They are under way, and those that come now wait.
  expect(ledger.queued()).toBe(0)
  void ledger.head()
  expect(ledger.queued()).toBe(1)
})

test('a commit is counted where something was written and is durable', async () => {
  const told: number[] = []
  let ok = true
  const engine: Engine = {
    epoch: 'epoch',
    run: (batch) =>
      Promise.resolve(
        batch.map(() => (ok ? { ok, value: undefined } : { ok, reason: 'unavailable' as const, message: 'full' })),
      ),
    copyTo: () => Promise.reject(new Error('no copies')),
    close: () => Promise.resolve(),
  }
  const metered = meterBatches(engine, { batch: (operations) => void told.push(operations) })
  const read = { name: 'head', argument: undefined } as const
  const write = { name: 'seen', argument: undefined } as const
  await metered.run([read])
  await metered.run([read, write, write])
  ok = false
  await metered.run([write])
  expect(told).toEqual([3])
})
