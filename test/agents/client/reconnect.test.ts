import { expect, test } from 'vitest'
import { unreachable } from '../../../agents/client/failures.ts'
import { closeCodes, mayReconnect, type CloseReason } from '../../../protocol/index.ts'
import { attached } from './fake-hub.ts'
import { comeBack, failureOf, reached, registered, retry, roundTrip, startClient } from './harness.ts'

const reasons = Object.keys(closeCodes) as CloseReason[]

test.each(reasons.filter((reason) => mayReconnect(closeCodes[reason].code)))(
  'after %s the client connects again and resumes [P-6]',
  async (reason) => {
    const { client, clock, hub } = await registered()
    hub.line.close(reason)
    const { cause } = await reached(client, 'waiting')
    expect(cause).toMatchObject({ reason: 'hub_unreachable', temporary: true })
    expect(cause.message).toContain(String(closeCodes[reason].code))
    await retry(client, clock)
    await reached(client, 'registered')
    expect(hub.all('resume')).toHaveLength(1)
  },
)

test.each([
  ['bad_frame', 'protocol_mismatch'],
  ['handshake_too_large', 'protocol_mismatch'],
  ['unsupported_protocol', 'protocol_mismatch'],
  ['authentication_failed', 'authentication_failed'],
  ['hello_expected', 'protocol_mismatch'],
  ['taken_over', 'taken_over'],
  ['revoked', 'revoked'],
] as const)('after %s it stays away, and says %s [P-6]', async (close, reason) => {
  const { client, clock, hub } = await registered()
  hub.line.close(close)
  const { cause } = await reached(client, 'closed')
  expect(cause?.reason).toBe(reason)
  expect(cause?.next).not.toBe('')
  expect(clock.waiting).toBe(0)
  expect((await failureOf(client.ready())).reason).toBe(reason)
})

test('the table above names every close code that ends a client', () => {
  expect(reasons.filter((reason) => !mayReconnect(closeCodes[reason].code))).toHaveLength(7)
})

test.each(['taken_over', 'revoked'] as const)(
  'after %s a registration starts it again, as a new member',
  async (close) => {
    const { client, hub, events, messages } = await registered()
    hub.line.push(4)
    await roundTrip(client, hub)
    hub.line.close(close)
    await reached(client, 'closed')
    expect(client.registration).toBeUndefined()
    expect(events.slice(-2)).toEqual(['reset', 'closed'])
    expect((await failureOf(client.send({ to: 'iris', content: 'hello' }))).next).toMatch(/^Call register /)
    await client.register({ name: 'iris' })
    expect(client.state).toEqual({ kind: 'registered', name: 'iris' })
    expect(hub.all('register').map(({ name }) => name)).toEqual(['rose', 'iris'])
    expect(hub.all('resume')).toEqual([])
    // It works as before: mail, sends, and the way back after a break.
    hub.line.push(4)
    await client.send({ to: 'rose', content: 'hello' })
    expect(messages).toEqual(['e1-4', 'e1-4'])
  },
)

test('a client that was started again comes back after a break', async () => {
  const { client, clock, hub } = await registered()
  hub.line.close('taken_over')
  await reached(client, 'closed')
  await client.register({ name: 'iris' })
  hub.rules.resume = ({ answer }) => answer(attached({ name: 'iris', recovered: true }))
  await comeBack(client, clock, hub)
  expect(client.registration?.name).toBe('iris')
})

test('a send under way when the name is lost is rejected, and not sent under the next name', async () => {
  const { client, hub } = await registered()
  delete hub.rules.send
  const sending = failureOf(client.send({ to: 'iris', content: 'hello' }))
  await hub.next('send')
  hub.line.close('taken_over')
  expect((await sending).reason).toBe('unconfirmed')
  await client.register({ name: 'tulip' })
  await roundTrip(client, hub)
  expect(hub.all('send')).toHaveLength(1)
})

test.each(['authentication_failed', 'unsupported_protocol'] as const)(
  'after %s a registration does not start it again',
  async (close) => {
    const { client, hub } = await registered()
    hub.line.close(close)
    const { cause } = await reached(client, 'closed')
    expect(await failureOf(client.register({ name: 'iris' }))).toBe(cause)
    expect(hub.lines).toHaveLength(1)
  },
)

test('a client that its owner closed stays closed, also where its name had been taken over', async () => {
  const { client, hub } = await registered()
  hub.line.close('taken_over')
  await reached(client, 'closed')
  await client.close()
  expect((await failureOf(client.register({ name: 'iris' }))).reason).toBe('closed')
  expect(client.state).toEqual({ kind: 'closed', cause: undefined })
  expect(hub.lines).toHaveLength(1)
})

test('a hub that closes says when to come back, and is heard', async () => {
  const { client, clock, hub } = await registered()
  hub.line.notify('closing', { reason: 'going_away', reconnectAfterMs: 4_321 })
  hub.line.close('going_away')
  const { at } = await reached(client, 'waiting')
  expect(at - clock.now()).toBe(4_321)
})

test('a hub from which nothing comes for two pings and 8 s is given up', async () => {
  const { client, clock } = await registered()
  clock.advance(2 * 25_000 + 8_000 - 1)
  expect(client.state.kind).toBe('registered')
  clock.advance(1)
  expect(client.state.kind).toBe('waiting')
})

test('a ping is a sign of life', async () => {
  const { client, clock, hub } = await registered()
  clock.advance(50_000)
  const answered = new Promise((resolve) => hub.line.socket.once('pong', resolve))
  hub.line.socket.ping()
  await answered
  clock.advance(57_999)
  expect(client.state.kind).toBe('registered')
  clock.advance(1)
  expect(client.state.kind).toBe('waiting')
})

test('a hub that is silent during the handshake is given up after 10 s', async () => {
  const { client, clock, hub } = await registered()
  delete hub.rules.hello
  await hub.next('hello')
  hub.line.cut()
  await retry(client, clock)
  await hub.next('hello')
  clock.advance(10_000)
  expect(client.state).toMatchObject({ kind: 'waiting', attempt: 2 })
})

test('waits grow from quick to 20 s while nobody answers, with jitter in all of them', async () => {
  // A port of this machine that is never served: dialling it fails at once.
  const { client, clock } = startClient({ address: 'ws://127.0.0.1:1' })
  const waits: number[] = []
  for (let attempt = 1; attempt <= 9; attempt += 1) {
    const waiting = await reached(client, 'waiting')
    expect(waiting.attempt).toBe(attempt)
    waits.push(waiting.at - clock.now())
    clock.advance(waiting.at - clock.now())
  }
  expect(waits).toEqual([100, 750, 1_000, 1_500, 2_500, 4_500, 8_500, 10_500, 10_500])
})

test('the first wait after a connection that served is quick again', async () => {
  const { client, clock, hub } = await registered()
  for (let round = 0; round < 3; round += 1) {
    clock.advance(1_000)
    hub.line.cut()
    const { at } = await reached(client, 'waiting')
    expect(at - clock.now()).toBeLessThanOrEqual(200)
    await retry(client, clock)
    await reached(client, 'registered')
  }
})

test('a hub that accepts and drops at once is not stormed', async () => {
  const { client, clock, hub } = await registered()
  const waits: number[] = []
  for (let round = 0; round < 4; round += 1) {
    hub.line.close('overloaded')
    const { at } = await reached(client, 'waiting')
    waits.push(at - clock.now())
    await retry(client, clock)
    await reached(client, 'registered')
  }
  expect(waits).toEqual([100, 750, 1_000, 1_500])
})

test('an address that cannot be understood ends the client with a next step', async () => {
  const { client } = startClient({ address: 'http://example.com' })
  const error = await failureOf(client.ready())
  expect(error.message).toContain('http://example.com')
  expect(error.next).toContain('BELLHOP_URL')
})

test('ready rejects at its deadline with what is wrong', async () => {
  const { client, clock, hub } = await registered()
  hub.line.cut()
  await reached(client, 'waiting')
  const readying = failureOf(client.ready({ timeoutMs: 10 }))
  clock.advance(10)
  expect((await readying).reason).toBe('hub_unreachable')
})

test('a hub that several attempts did not reach is waited for 3 s, and before for 15 s', async () => {
  const { client, clock, hub } = await registered()
  await hub[Symbol.asyncDispose]()
  await reached(client, 'waiting')
  const first = failureOf(client.request('list', {}))
  await retry(client, clock)
  await retry(client, clock)
  await reached(client, 'waiting')
  const second = [failureOf(client.request('list', {})), failureOf(client.send({ to: 'iris', content: 'hello' }))]
  const patient = failureOf(client.request('list', {}, { timeoutMs: 60_000 }))
  clock.advance(3_000)
  expect((await Promise.all(second)).map(({ reason }) => reason)).toEqual(['hub_unreachable', 'not_sent'])
  expect(await Promise.race([first, patient, Promise.resolve('pending')])).toBe('pending')
  clock.advance(12_000)
  expect((await first).reason).toBe('hub_unreachable')
  clock.advance(60_000)
  await patient
})

test.each([
  [{ kind: 'unix', path: '/home/rose/hub.sock' }, 'hub.log'],
  [{ kind: 'tcp', url: new URL('ws://127.0.0.1:9870') }, 'hub.log'],
  [{ kind: 'tcp', url: new URL('wss://hub.example') }, 'check BELLHOP_URL, that a hub runs on that machine'],
] as const)('where to look when %o cannot be reached', (endpoint, where) => {
  const { next } = unreachable(endpoint, 'it is down')
  expect(next).toContain(where)
  expect(next.includes('hub.log')).toBe(where === 'hub.log')
})

test('a closed client leaves nothing behind and stays closed', async () => {
  const { client, clock, hub } = await registered()
  hub.line.cut()
  await reached(client, 'waiting')
  await client.close()
  expect(clock.waiting).toBe(0)
  client.start()
  expect(client.state).toEqual({ kind: 'closed', cause: undefined })
  expect(hub.lines).toHaveLength(1)
})
