import { expect, test, vi } from 'vitest'
import type { MessageId } from '../../../protocol/index.ts'
import { attached } from './fake-hub.ts'
import { comeBack, failureOf, reached, registered, retry, roundTrip, startClient, startHub } from './harness.ts'

test('the first registration has no position; a resume has the highest seq that was pushed [D-3]', async () => {
  const { client, clock, hub, messages } = await registered({ window: 7, routes: ['wait'], presence: true })
  expect(hub.all('register')[0]).toMatchObject({ name: 'rose', window: 7, routes: ['wait'], presence: true })
  hub.line.push(3, 9, 3)
  await roundTrip(client, hub)
  await comeBack(client, clock, hub)
  expect(hub.all('resume')).toMatchObject([
    { session: 'token-1', position: { epoch: 'e1', seq: 9 }, window: 7, routes: ['wait'], presence: true },
  ])
  expect(messages).toEqual(['e1-3', 'e1-9'])
})

test('a message that is pushed twice is emitted once, on one connection and over two', async () => {
  const { client, clock, hub, messages } = await registered()
  hub.line.push(1, 2, 1)
  await roundTrip(client, hub)
  await comeBack(client, clock, hub)
  hub.line.push(2, 3)
  await roundTrip(client, hub)
  expect(messages).toEqual(['e1-1', 'e1-2', 'e1-3'])
})

test('two resumes without traffic deliver nothing, and reset nothing', async () => {
  const { client, clock, hub, messages, events } = await registered()
  hub.line.push(1)
  await roundTrip(client, hub)
  await comeBack(client, clock, hub)
  await comeBack(client, clock, hub)
  expect(hub.all('resume').map(({ position }) => position?.seq)).toEqual([1, 1])
  expect(messages).toEqual(['e1-1'])
  expect(events).not.toContain('reset')
})

test('pushes that come in one segment with the answer are not missed', async () => {
  const hub = await startHub()
  hub.rules.register = ({ answer, line }) => {
    answer(attached())
    line.push(1, 2)
  }
  const { client, messages } = startClient({ address: hub.address })
  await client.register({ name: 'rose' })
  await roundTrip(client, hub)
  expect(messages).toEqual(['e1-1', 'e1-2'])
})

test('not recovered: reset comes before the pushes, which are emitted afresh', async () => {
  const { client, clock, hub, messages, events } = await registered()
  hub.line.push(1, 2)
  await roundTrip(client, hub)
  hub.rules.resume = ({ answer }) => answer(attached({ recovered: false }))
  await comeBack(client, clock, hub)
  hub.line.push(1, 2)
  await roundTrip(client, hub)
  expect(messages).toEqual(['e1-1', 'e1-2', 'e1-1', 'e1-2'])
  expect(events.slice(-2)).toEqual(['reset', 'registered'])
})

test('a ledger of another epoch voids what is held, even if it claims to have recovered', async () => {
  const { client, clock, hub, events } = await registered()
  hub.line.push(5)
  await roundTrip(client, hub)
  hub.rules.resume = ({ answer }) => answer(attached({ epoch: 'e2', recovered: true }))
  await comeBack(client, clock, hub)
  expect(events).toContain('reset')
  await comeBack(client, clock, hub)
  expect(hub.all('resume').at(-1)?.position).toEqual({ epoch: 'e2', seq: 0 })
})

test('a session that is no more is replaced by a registration with the same key', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.resume = ({ refuse }) => refuse('session_invalid')
  hub.rules.register = ({ answer }) => answer(attached({ token: 'token-2' }))
  await comeBack(client, clock, hub)
  const [first, second] = hub.all('register')
  expect(second).toMatchObject({ name: 'rose', key: first?.key, takeOver: false })
  hub.rules.resume = ({ answer }) => answer(attached({ recovered: true }))
  await comeBack(client, clock, hub)
  expect(hub.all('resume').at(-1)?.session).toBe('token-2')
})

test('a return that is refused for good leaves the client without a name, and says why', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.resume = ({ refuse }) => refuse('session_invalid')
  hub.rules.register = ({ refuse }) => refuse('name_in_use')
  hub.line.cut()
  await reached(client, 'waiting')
  const sending = failureOf(client.send({ to: 'iris', content: 'hello' }))
  await retry(client, clock)
  expect((await reached(client, 'ready')).cause?.reason).toBe('name_in_use')
  expect((await sending).reason).toBe('not_sent')
  expect(client.registration).toBeUndefined()
  expect((await failureOf(client.send({ to: 'iris', content: 'hello' }))).reason).toBe('not_registered')
})

test('a return that is refused for now is tried again after the time that the hub names', async () => {
  const { client, clock, hub } = await registered()
  hub.rules.resume = ({ refuse }) => refuse('rate_limited', { retryAfterMs: 7_000 })
  hub.line.cut()
  await retry(client, clock)
  await vi.waitUntil(() => client.state.kind === 'waiting')
  expect(client.state).toMatchObject({ cause: { reason: 'rate_limited' } })
  expect((await reached(client, 'waiting')).at - clock.now()).toBe(7_000)
})

test('another name is another mailbox: reset, and no position of the former', async () => {
  const { client, hub, events, messages } = await registered()
  hub.line.push(4)
  await roundTrip(client, hub)
  await client.register({ name: 'iris' })
  expect(events).toContain('reset')
  hub.line.push(4)
  await roundTrip(client, hub)
  expect(messages).toEqual(['e1-4', 'e1-4'])
})

test('a registration cut before its answer is made again with the same key', async () => {
  const hub = await startHub()
  const { client, clock } = startClient({ address: hub.address })
  hub.rules.register = ({ line }) => line.cut()
  const registering = client.register({ name: 'rose' })
  await hub.next('register')
  hub.rules.register = ({ answer }) => answer(attached())
  await retry(client, clock)
  await registering
  const keys = hub.all('register').map(({ key }) => key)
  expect(keys).toEqual([keys[0], keys[0]])
})

test('an answer to a registration that nobody waits for any more attaches nothing', async () => {
  const hub = await startHub()
  const { client, clock } = startClient({ address: hub.address })
  delete hub.rules.register
  const registering = failureOf(client.register({ name: 'rose' }, { timeoutMs: 3_000 }))
  await hub.next('register')
  clock.advance(3_000)
  expect((await registering).reason).toBe('hub_unreachable')
  expect(client.state.kind).toBe('waiting')
  expect(client.registration).toBeUndefined()
})

test('rename moves the registration; the resume after it goes by the new name', async () => {
  const { client, hub, clock } = await registered()
  hub.rules.rename = ({ params, answer }) =>
    answer({ name: params.name, previous: 'rose' as typeof params.name, forwardsUntil: '2031-01-01T00:00:00.000Z' })
  await client.rename('Tulip')
  expect(client.state).toEqual({ kind: 'registered', name: 'Tulip' })
  hub.rules.resume = ({ refuse }) => refuse('session_invalid')
  await comeBack(client, clock, hub)
  const [first, second] = hub.all('register')
  expect(second).toMatchObject({ name: 'Tulip', key: first?.key })
})

test('a rename whose answer was lost is learned from the resume', async () => {
  const { client, hub, clock } = await registered()
  hub.rules.rename = ({ line }) => line.cut()
  const renaming = failureOf(client.rename('Tulip'))
  expect((await renaming).message).toContain('may have been carried out')
  hub.rules.resume = ({ answer }) => answer(attached({ name: 'Tulip', recovered: true }))
  await retry(client, clock)
  await reached(client, 'registered')
  expect(client.registration?.name).toBe('Tulip')
})

test('release forgets name and key, and the next registration has a new key', async () => {
  const { client, hub } = await registered()
  hub.rules.release = ({ answer }) => answer({ name: 'rose' as never, bounced: 0 })
  await client.release()
  expect(client.state).toEqual({ kind: 'ready' })
  await client.register({ name: 'rose' })
  const [first, second] = hub.all('register')
  expect(second?.key).not.toBe(first?.key)
})

test('routes that changed since are those of the next resume', async () => {
  const { client, hub, clock } = await registered({ routes: ['wait'] })
  hub.rules.reach = ({ answer }) => answer({})
  await client.request('reach', { routes: ['channel'] })
  await comeBack(client, clock, hub)
  expect(hub.all('resume')[0]?.routes).toEqual(['channel'])
})

test('a name that would leave the folder of keys is refused before anything is touched', async () => {
  const { client, hub } = await registered()
  const asked = hub.asked.length
  expect((await failureOf(client.register({ name: '../secret' }))).reason).toBe('name_invalid')
  expect((await failureOf(client.rename('a/b'))).reason).toBe('name_invalid')
  expect(hub.asked).toHaveLength(asked)
})

test('a listener that throws disturbs nobody', async () => {
  const errors: unknown[] = []
  const { client, hub, messages } = await registered({ onError: (error) => errors.push(error) })
  client.on('message', () => {
    throw new Error('listener')
  })
  client.on('message', ({ id }) => messages.push(`second ${id}`))
  hub.line.push(1)
  await roundTrip(client, hub)
  expect(messages).toEqual(['e1-1', 'second e1-1'])
  expect(errors).toHaveLength(1)
})

test('what was acknowledged as shown is not emitted again, and the hub is told again', async () => {
  const { client, hub, messages } = await registered()
  hub.line.push(1)
  await roundTrip(client, hub)
  await client.ack(['e1-1' as MessageId], 'shown', 'wait')
  hub.line.push(1)
  await roundTrip(client, hub)
  expect(messages).toEqual(['e1-1'])
  expect(hub.all('ack')).toEqual([
    { ids: ['e1-1'], state: 'shown', route: 'wait' },
    { ids: ['e1-1'], state: 'shown', route: 'wait' },
  ])
})
