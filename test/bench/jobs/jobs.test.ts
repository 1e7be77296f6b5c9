import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLedger } from '../../../hub/ledger/index.ts'
import { startTestHub } from '../../support/hub.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import type { Address } from '../driver.ts'
import { openLine } from '../drivers/frames.ts'
import { quickEffort } from '../effort.ts'
import { startRelay } from '../peers/relay.ts'
import { Workshop } from '../running/workshop.ts'
import { drain } from './drain.ts'
import { copyHome, fillLedgers, keptOf } from './fill-ledgers.ts'
import { manyConnections } from './many-connections.ts'
import { sendInTurns } from './send-in-turns.ts'
import { sendToMany } from './send-to-many.ts'

const nothing = { waiting: 0, agents: 0, names: 0 }

test('one of five that wait is for the keeper, up to 200,000', () => {
  expect([0, 5, 1_000, 1_000_000, 5_000_000].map(keptOf)).toEqual([0, 1, 200, 200_000, 200_000])
})

test('each home holds what it was asked for, and more than the one before it', async () => {
  const folder = temporaryFolder()
  const homes = [
    { ...nothing, folder: join(folder, 'less'), agents: 2, names: 1 },
    { ...nothing, folder: join(folder, 'more'), agents: 5, names: 3 },
  ]
  await fillLedgers({ homes })
  const counts = []
  for (const home of homes) {
    const ledger = await openLedger({ file: join(home.folder, 'bellhop.db') })
    counts.push({ agents: await ledger.countAgents(), head: await ledger.head() })
    await ledger.close()
  }
  // Beside those asked for, the one who wrote it all and the keeper.
  expect(counts).toEqual([
    { agents: 4, head: 1 },
    { agents: 7, head: 3 },
  ])
})

test('the keeper drains all that waits, from a copy that leaves the original as it was', async () => {
  const folder = temporaryFolder()
  const waiting = 2_500
  await fillLedgers({ homes: [{ ...nothing, folder: join(folder, 'filled'), waiting }] })
  const address = async (): Promise<Address> => {
    const home = temporaryFolder()
    copyHome(join(folder, 'filled'), home)
    const { url } = await startTestHub({ home })
    return { url, home }
  }
  const { pid } = process
  await expect(drain({ address: await address(), pid, waiting: keptOf(waiting) })).resolves.toBeDefined()
  await expect(drain({ address: await address(), pid, waiting: keptOf(waiting) - 1 })).rejects.toThrow(/of 499 came/)
})

test('a relay that only pushes can be drained like a mailbox, whatever the window', async () => {
  const workshop = new Workshop(temporaryFolder(), quickEffort)
  onTestFinished(() => workshop.close())
  const { address, pid } = await startRelay(workshop, { waiting: 3_000, bodyBytes: 10 })
  await expect(drain({ address, pid, waiting: 3_000 })).resolves.toMatchObject({ perSecond: expect.any(Number) })
})

test('connections are all there while they are counted', async () => {
  const hub = await startTestHub({ registrationsPerMinute: 1_000, sendsPerMinute: 1_000_000, mailboxDepth: 1_000_000 })
  const output = await manyConnections({
    address: { url: hub.url, home: hub.home.folder },
    pid: process.pid,
    connections: 20,
    sends: 3,
    inFlight: 4,
    bodyBytes: 10,
    warmUpMs: 1,
    measuredMs: 20,
  })
  expect(output.connectedPerSecond).toBeGreaterThan(0)
  expect(output.p50).toBeGreaterThan(0)
})

test('sends in turns are timed on both servers', async () => {
  const [one, other] = [await startTestHub(), await startTestHub()]
  const [first, second] = [one, other].map(({ url, home }) => ({ url, home: home.folder }))
  const took = await sendInTurns({
    driver: 'frames',
    addresses: [first!, second!],
    warmUps: 1,
    sends: 4,
    bodyBytes: 10,
  })
  expect(took.every(({ p50, p99 }) => p50 > 0 && p99 >= p50)).toBe(true)
})

test('sends to many reach every name', async () => {
  const hub = await startTestHub({ mailboxDepth: 1_000_000 })
  const address = { url: hub.url, home: hub.home.folder }
  const names = 7
  const reached = Array.from({ length: names }, () => Promise.withResolvers<void>())
  const readers = await Promise.all(
    reached.map(({ resolve }, index) => openLine(address, `name-${index}`, () => resolve())),
  )
  const load = { driver: 'frames', prefix: 'name-', names, inFlight: names, bodyBytes: 10 } as const
  await sendToMany({ ...load, warmUpMs: 1, measuredMs: 1, address, pid: process.pid })
  const all = await Promise.all(reached.map(({ promise }) => promise))
  expect(all).toHaveLength(names)
  await Promise.all(readers.map((reader) => reader.leave()))
})
