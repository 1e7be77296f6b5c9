import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { startRig } from '../../agents/bridge/rig.ts'
import { startTestHub } from '../../support/hub.ts'
import { skipWithout } from '../../support/skipping.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import type { Address, Participant } from '../driver.ts'
import { quickEffort } from '../effort.ts'
import type { Peer } from '../peer.ts'
import { mosquitto } from '../peers/mosquitto.ts'
import { nats } from '../peers/nats.ts'
import { redis } from '../peers/redis.ts'
import { relay } from '../peers/relay.ts'
import { socketIo } from '../peers/socket-io.ts'
import { Workshop } from '../running/workshop.ts'
import { openDriver, type DriverName } from './index.ts'

type Start = (context: TestContext) => Promise<Address>

const startHub: Start = async () => {
  const hub = await startTestHub({ mailboxDepth: 10_000 })
  return { url: hub.url, home: hub.home.folder }
}
/** What speaks the older project's wire here. */
const startBridge: Start = async () => {
  const { bridge, secret } = await startRig()
  return { url: `tcp://127.0.0.1:${bridge.port}`, home: secret }
}
/** The server itself, as the benchmark starts it. */
const start =
  (peer: Peer): Start =>
  async (context) => {
    const missing = peer.missing()
    if (missing !== undefined) return skipWithout(missing, context)
    const workshop = new Workshop(temporaryFolder(), quickEffort)
    onTestFinished(() => workshop.close())
    const server = await peer.start(workshop)
    onTestFinished(() => server.stop())
    return server.address
  }

const pairs: readonly (readonly [DriverName, string, Start])[] = [
  ['library', 'the hub', startHub],
  ['frames', 'the hub', startHub],
  ['library', 'the relay', start(relay)],
  ['frames', 'the relay', start(relay)],
  ['nats', 'NATS', start(nats)],
  ['redis', 'Redis', start(redis)],
  ['mqtt', 'mosquitto', start(mosquitto)],
  ['socketIo', 'socket.io', start(socketIo)],
  ['claudeIpc', "the older project's wire", startBridge],
]
const broadcasting = pairs.filter(([name]) => ['library', 'frames', 'socketIo'].includes(name))

/** Joins, and leaves when the test ends; `until` resolves when so many messages have come. */
async function join(
  driver: Awaited<ReturnType<typeof openDriver>>,
  name: string,
): Promise<{ participant: Participant; bodies: string[]; until(count: number): Promise<void> }> {
  const bodies: string[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const participant = await driver.join(name, (body) => {
    bodies.push(body)
    for (const { count, resolve } of waiting) if (bodies.length >= count) resolve()
  })
  onTestFinished(() => participant.leave())
  return {
    participant,
    bodies,
    until: (count) =>
      new Promise((resolve) => {
        if (bodies.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
  }
}

/** Sends under way at a time: what the benchmark's load has. */
const inFlight = 512

test.for(pairs)('%s, on %s, brings every message once and in order', async ([name, , start], context) => {
  const driver = await openDriver(name, await start(context))
  const rose = await join(driver, 'rose')
  const fred = await join(driver, 'fred')
  const { count, atOnce } = name === 'claudeIpc' ? { count: 40, atOnce: 1 } : { count: 3 * inFlight, atOnce: inFlight }
  const bodies = Array.from({ length: count }, (_, index) => `message ${index}`)
  for (let at = 0; at < count; at += atOnce) {
    await Promise.all(bodies.slice(at, at + atOnce).map((body) => rose.participant.send('fred', body)))
  }
  await fred.until(count)
  expect(fred.bodies).toEqual(bodies)
  expect(rose.bodies).toEqual([])
})

test.for(broadcasting)('%s, on %s, broadcasts to all but the sender', async ([name, , start], context) => {
  const driver = await openDriver(name, await start(context))
  const [rose, fred, anna] = [await join(driver, 'rose'), await join(driver, 'fred'), await join(driver, 'anna')]
  await rose.participant.broadcast?.('to all')
  await Promise.all([fred.until(1), anna.until(1)])
  expect([rose.bodies, fred.bodies, anna.bodies]).toEqual([[], ['to all'], ['to all']])
})

test.each(['library', 'frames'] as const)('a send that the hub refuses is no send: %s', async (name) => {
  const hub = await startTestHub({ sendsPerMinute: 1 })
  const driver = await openDriver(name, { url: hub.url, home: hub.home.folder })
  const { participant } = await join(driver, 'rose')
  await participant.send('fred', 'one')
  await expect(participant.send('fred', 'two')).rejects.toThrow('Too many requests')
})
