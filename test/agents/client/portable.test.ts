import { expect, onTestFinished, test } from 'vitest'
import {
  createPortableClient,
  memoryKeys,
  type Client,
  type PortableClientOptions,
} from '../../../agents/client/portable.ts'
import { limits, type Message } from '../../../protocol/index.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { startHubChild, type HubChild } from '../../support/hub-child.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { secretOf } from '../../support/wire.ts'
import { secret, type FakeHub } from './fake-hub.ts'
import { failureOf, reached, roundTrip, startHub } from './harness.ts'

/** A portable client, as on any runtime: Node's own standard WebSocket and fetch. Closed with the test. */
function startPortable(
  options: Pick<PortableClientOptions, 'url' | 'secret'> & Partial<PortableClientOptions>,
): Client {
  const client = createPortableClient({
    client: { name: 'portable' },
    routes: ['fetch'],
    onError: (error) => {
      throw error
    },
    ...options,
  })
  onTestFinished(() => client.close())
  client.start()
  return client
}

/** Messages as they come in, one at a time; those that came before they were asked for are kept. */
function inboxOf(client: Client): { next(): Promise<Message>; readonly ids: readonly string[] } {
  const kept: Message[] = []
  const ids: string[] = []
  let wake = (): void => {}
  client.on('message', (message) => {
    kept.push(message)
    ids.push(message.id)
    wake()
  })
  return {
    ids,
    async next() {
      for (;;) {
        const message = kept.shift()
        if (message) return message
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

interface RealHub {
  readonly home: string
  readonly hub: HubChild
  readonly restart: () => Promise<HubChild>
}

/** A hub as a process of its own, which keeps its port when it is started again. */
async function startRealHub(): Promise<RealHub> {
  const home = temporaryFolder()
  const env = { BELLHOP_HOME: home, BELLHOP_SOCKET: 'no' }
  const hub = await startHubChild({ ...env, BELLHOP_PORT: '0' })
  return { home, hub, restart: () => startHubChild({ ...env, BELLHOP_PORT: new URL(hub.url).port }) }
}

test('on a standard WebSocket: register, send, push, acknowledge, receipt', async () => {
  const { home, hub } = await startRealHub()
  const [rose, iris] = ['rose', 'iris'].map(() => startPortable({ url: hub.url, secret: secretOf(home) }))
  const mail = inboxOf(iris!)
  await Promise.all([rose!.register({ name: 'rose' }), iris!.register({ name: 'iris' })])
  const shown = new Promise((resolve) => rose!.on('receipt', resolve))
  const { id, outlook } = await rose!.send({ to: 'iris', content: 'Grüße 🌹' })
  expect(outlook).toMatchObject({ kind: 'online', routes: ['fetch'] })
  expect(await mail.next()).toMatchObject({ id, from: 'rose', content: 'Grüße 🌹' })
  await iris!.ack([id], 'shown', 'fetch')
  expect(await shown).toMatchObject({ id, state: 'shown', route: 'fetch' })
})

test('a hub that was killed: what it had confirmed comes once, what it had not is sent again, and nothing is shown twice', async () => {
  const { home, hub, restart } = await startRealHub()
  const rose = startPortable({ url: hub.url, secret: () => secretOf(home) })
  const iris = startPortable({ url: hub.url, secret: () => secretOf(home) })
  const mail = inboxOf(iris)
  await Promise.all([rose.register({ name: 'rose' }), iris.register({ name: 'iris' })])
  const before = await rose.send({ to: 'iris', content: 'before' })
  await mail.next()

  await hub.end('SIGKILL')
  const { cause } = await reached(iris, 'waiting')
  expect(cause.reason).toBe('hub_unreachable')
  const sending = rose.send({ to: 'iris', content: 'meanwhile' })
  await restart()
  const meanwhile = await sending
  expect(await mail.next()).toMatchObject({ id: meanwhile.id, content: 'meanwhile' })
  await reached(iris, 'registered')
  await iris.ack([before.id, meanwhile.id], 'shown', 'fetch')
  const { receipts } = await rose.request('receipts', {})
  expect(receipts.map(({ recipients }) => recipients[0]?.state)).toEqual(['shown', 'shown'])
  expect(mail.ids).toEqual([before.id, meanwhile.id])
})

test('a large message each way goes by the standard fetch [P-40]', async () => {
  const { home, hub } = await startRealHub()
  const rose = startPortable({ url: hub.url, secret: secretOf(home) })
  const iris = startPortable({ url: hub.url, secret: secretOf(home) })
  const mails = [inboxOf(rose), inboxOf(iris)]
  await Promise.all([rose.register({ name: 'rose' }), iris.register({ name: 'iris' })])
  const body = `It begins here. ${'é🌹'.repeat(limits.frameBytes)}`
  await rose.send({ to: 'iris', content: body })
  await iris.send({ to: 'rose', content: body })
  for (const [at, reader] of [rose, iris].entries()) {
    const { blob, content } = await mails[at]!.next()
    expect(content).toContain('It begins here.')
    expect(content.length).toBeLessThanOrEqual(2 * limits.summaryLength)
    expect(new TextDecoder().decode(await reader.download(blob!))).toBe(body)
  }
})

test('a file keeps its name and its bytes', async () => {
  const { home, hub } = await startRealHub()
  const rose = startPortable({ url: hub.url, secret: secretOf(home) })
  await rose.register({ name: 'rose' })
  const bytes = crypto.getRandomValues(new Uint8Array(50_000))
  const blob = await rose.upload(bytes, { mediaType: 'image/png', fileName: 'grün & "x".png' })
  expect(blob).toMatchObject({ fileName: 'grün & "x".png', mediaType: 'image/png', size: 50_000 })
  expect(await rose.download(blob)).toEqual(bytes)
})

test('a key that is kept brings a program back to its name', async () => {
  const { home, hub } = await startRealHub()
  const keys = memoryKeys()
  const first = startPortable({ url: hub.url, secret: secretOf(home), keys })
  await first.register({ name: 'rose' })
  const other = startPortable({ url: hub.url, secret: secretOf(home) })
  expect((await failureOf(other.register({ name: 'rose' }))).reason).toBe('name_taken')
  await first.close()
  const again = startPortable({ url: hub.url, secret: secretOf(home), keys })
  expect(await again.register({ name: 'rose' })).toMatchObject({ name: 'rose', created: false })
})

test('a wrong secret ends the client with a next step', async () => {
  const { hub } = await startRealHub()
  const client = startPortable({ url: hub.url, secret: 'quite another secret than theirs' })
  expect(await failureOf(client.ready())).toMatchObject({ reason: 'authentication_failed' })
})

test.each(['http://127.0.0.1:1', 'unix:/run/hub.sock', 'hub'])('%s is no address here, and says so', async (url) => {
  const client = startPortable({ url, secret: 'x' })
  const error = await failureOf(client.ready())
  expect(error.message).toContain(`"${url}"`)
  expect(error.next).toBe('Give it as ws://host:port or wss://host.')
})

test('a hub that nobody serves is waited for', async () => {
  const client = startPortable({ url: 'ws://127.0.0.1:1', secret: 'x' })
  const { cause } = await reached(client, 'waiting')
  expect(cause).toMatchObject({ reason: 'hub_unreachable', temporary: true })
})

/** A registered portable client on a hub that does what it is told, under a clock that does so too. */
async function watched(): Promise<{ client: Client; clock: FakeClock; hub: FakeHub }> {
  const hub = await startHub({ tcp: true })
  const clock = new FakeClock()
  const client = startPortable({ url: hub.address, secret, clock, random: () => 0.5 })
  onTestFinished(() => clock.advance(10_000))
  await client.register({ name: 'rose' })
  return { client, clock, hub }
}

test('[P-8] where pings are not heard, a hub that was silent for one interval is asked, and its answer is enough', async () => {
  const { client, clock, hub } = await watched()
  for (let round = 0; round < 3; round += 1) {
    clock.advance(24_999)
    expect(hub.all('status')).toHaveLength(round)
    clock.advance(1)
    const asked = await hub.next('status')
    asked.refuse('internal')
    await roundTrip(client, hub)
    expect(client.state.kind).toBe('registered')
  }
})

test('[P-8] one that does not answer within 8 s of the question is given up, however late that was put', async () => {
  const { client, clock, hub } = await watched()
  clock.advance(25_000)
  await hub.next('status')
  clock.advance(7_999)
  expect(client.state.kind).toBe('registered')
  clock.advance(1)
  expect(client.state).toMatchObject({ kind: 'waiting', cause: { message: expect.stringContaining('nothing came') } })
})

test('a program that slept over the answer hears it before it gives the hub up', async () => {
  const { client, clock, hub } = await watched()
  clock.advance(25_000)
  const asked = await hub.next('status')
  clock.stopFor(3_600_000)
  expect(client.state.kind).toBe('registered')
  asked.refuse('internal')
  await roundTrip(client, hub)
  clock.advance(24_999)
  expect(client.state.kind).toBe('registered')
})

test('mail is a sign of life as well', async () => {
  const { client, clock, hub } = await watched()
  clock.advance(24_999)
  hub.line.push(1)
  await roundTrip(client, hub)
  clock.advance(24_999)
  expect(hub.all('status')).toEqual([])
  expect(client.state.kind).toBe('registered')
})

test('a close code that says so ends it for good [P-6]', async () => {
  const { client, hub } = await watched()
  hub.line.close('taken_over')
  expect((await reached(client, 'closed')).cause?.reason).toBe('taken_over')
})

test('what is no text, or larger than any answer, is not read', async () => {
  const { client, clock, hub } = await watched()
  hub.line.socket.send(Buffer.from('{}'))
  await roundTrip(client, hub)
  hub.line.socket.send('x'.repeat(16 * 1024 * 1024 + 1))
  expect((await reached(client, 'waiting')).cause.message).toContain('too large')
  expect(clock.waiting).toBe(1)
})
