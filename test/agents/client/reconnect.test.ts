import { WebSocket } from 'ws'
import { expect, test } from 'vitest'
import { closeCodes, mayReconnect, type CloseReason } from '../../../protocol/index.ts'
import { failureOf, reached, registered, retry, startClient } from './harness.ts'

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
  const { client, clock } = startClient({
    address: 'ws://127.0.0.1:1',
    dial: () => new WebSocket('ws://127.0.0.1:1'),
  })
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
