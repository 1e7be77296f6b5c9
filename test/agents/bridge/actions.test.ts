import { expect, test } from 'vitest'
import { bridgeLimits } from '../../../agents/bridge/index.ts'
import { exchange, OldClient } from './old-client.ts'
import { letPresenceEnd, startRig } from './rig.ts'

test('register: a name, a token, and how much was waiting', async () => {
  const rig = await startRig()
  const rose = new OldClient(rig.bridge.port, 'rose')
  expect(await rose.register(rig.secret)).toEqual({
    status: 'ok',
    session_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    message: 'Registered rose',
  })
  await rose.send('barney', 'one')
  await rose.send('barney', 'two')
  const barney = new OldClient(rig.bridge.port, 'barney')
  expect((await barney.register(rig.secret)).message).toBe('Registered barney with 2 queued messages')
})

test('send: the three texts of the older project', async () => {
  const rig = await startRig()
  const rose = await rig.old('rose')
  expect(await rose.send('barney', 'early')).toEqual({
    status: 'ok',
    message: 'Message queued for barney (not yet registered)',
  })
  const barney = await rig.old('barney')
  expect(await rose.send('barney', 'now')).toEqual({ status: 'ok', message: 'Message sent' })
  expect(await barney.rename('barney-2')).toEqual({ status: 'ok', message: 'Renamed barney to barney-2' })
  expect(await rose.send('barney', 'later')).toEqual({
    status: 'ok',
    message: 'Message forwarded from barney to barney-2',
  })
  const messages = (await barney.check()).filter(({ from }) => from === 'rose')
  expect(messages.map(({ message }) => message.content)).toEqual(['early', 'now', 'later'])
})

test('check: messages with sender, recipient, local time, text and data; each of them once', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  const before = Date.now()
  await rose.send('barney', 'Grüße 😀\n"quoted"', { rows: 1200, nested: { list: [1, null, 'é'] } })
  const messages = await barney.check()
  expect(messages).toEqual([
    {
      from: 'rose',
      to: 'barney',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/),
      message: { content: 'Grüße 😀\n"quoted"', data: { rows: 1200, nested: { list: [1, null, 'é'] } } },
    },
  ])
  // Without a zone, a time is local to whoever reads it.
  const sentAt = Date.parse(messages[0]!.timestamp)
  expect(sentAt).toBeGreaterThanOrEqual(before - 1_000)
  expect(sentAt).toBeLessThanOrEqual(Date.now() + 1_000)
  expect(await barney.check()).toEqual([])
})

test('check: the empty data of the older MCP server is no data', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  await rose.send('barney', 'plain', {})
  expect((await barney.check())[0]?.message).toEqual({ content: 'plain' })
})

test('broadcast: to everyone but the sender, and to nobody where there is nobody', async () => {
  const rig = await startRig()
  const rose = await rig.old('rose')
  expect(await rose.broadcast('anybody?')).toEqual({ status: 'ok', message: 'Broadcast to 0 instances' })
  const [barney, fred] = [await rig.old('barney'), await rig.fresh('fred')]
  expect(await rose.broadcast('team meeting in 5')).toEqual({ status: 'ok', message: 'Broadcast to 2 instances' })
  expect((await barney.check()).map(({ message }) => message.content)).toEqual(['team meeting in 5'])
  await fred.untilMessages(1)
  expect(fred.messages[0]).toMatchObject({ from: 'rose', content: 'team meeting in 5' })
  expect(await rose.check()).toEqual([])
})

test('list: names and when they were last seen', async () => {
  const rig = await startRig()
  const rose = await rig.old('rose')
  await rig.fresh('fred')
  const { status, instances, ...rest } = await rose.list()
  expect({ status, rest }).toEqual({ status: 'ok', rest: {} })
  expect(instances?.map(({ id }) => id)).toEqual(['fred', 'rose'])
  for (const { last_seen } of instances ?? []) expect(Date.now() - Date.parse(last_seen)).toBeLessThan(60_000)
})

test('rename: once an hour; the refusal names the minutes, and everyone is told of the first', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  await rose.rename('rose-debugging')
  const second = await rose.rename('rose-2')
  expect(second).toMatchObject({ status: 'error', message: expect.stringMatching(/\b(59|60) min\b/) })
  expect((await barney.check())[0]?.message.content).toContain('rose is now called rose-debugging')
  // The token goes on under the new name.
  expect(await rose.send('barney', 'same token')).toMatchObject({ status: 'ok' })
  expect((await barney.check())[0]?.from).toBe('rose-debugging')
})

test.each([
  ['no token', {}],
  ['an empty token', { session_token: '' }],
  ['a token that nobody made', { session_token: 'A'.repeat(43) }],
])('without a session: %s', async (_title, fields) => {
  const rig = await startRig()
  await rig.old('rose')
  const requests = [
    { action: 'send', from_id: 'rose', to_id: 'barney', message: { content: 'hi' } },
    { action: 'broadcast', from_id: 'rose', message: { content: 'hi' } },
    { action: 'check', instance_id: 'rose' },
    { action: 'list' },
    { action: 'rename', old_id: 'rose', new_id: 'barney' },
  ]
  for (const request of requests) {
    expect(await exchange(rig.bridge.port, { ...request, ...fields })).toEqual({
      status: 'error',
      message: 'Invalid or missing session token',
    })
  }
})

test.each([
  [{ action: 'send', from_id: 'barney', to_id: 'fred', message: { content: 'I am barney' } }],
  [{ action: 'broadcast', from_id: 'barney', message: { content: 'I am barney' } }],
  [{ action: 'check', instance_id: 'barney' }],
])('nobody speaks for another name: $action', async (request) => {
  const rig = await startRig()
  const [rose, barney, fred] = [await rig.old('rose'), await rig.old('barney'), await rig.old('fred')]
  await fred.send('barney', 'for barney alone')
  const answer = await exchange(rig.bridge.port, { ...request, session_token: rose.token })
  expect(answer).toMatchObject({ status: 'error', message: expect.stringContaining('belongs to rose') })
  expect(answer.messages).toBeUndefined()
  expect(await fred.check()).toEqual([])
  expect((await barney.check()).map(({ message }) => message.content)).toEqual(['for barney alone'])
})

test('a name is online while it is used, and away some minutes later', async () => {
  const rig = await startRig()
  const fred = await rig.fresh('fred')
  const rose = await rig.old('rose')
  expect((await fred.client.send({ to: 'rose', content: 'one' })).outlook).toMatchObject({ kind: 'online', routes: [] })
  rig.clock.advance(bridgeLimits.presenceMs - 1)
  await rose.list()
  rig.clock.advance(bridgeLimits.presenceMs - 1)
  expect((await fred.client.send({ to: 'rose', content: 'two' })).outlook.kind).toBe('online')
  await letPresenceEnd(rig, fred, 'rose')
  expect((await fred.client.send({ to: 'rose', content: 'three' })).outlook.kind).toBe('away')
  expect((await rose.check()).map(({ message }) => message.content)).toEqual(['one', 'two', 'three'])
  expect((await fred.client.send({ to: 'rose', content: 'four' })).outlook.kind).toBe('online')
})

test('senders get their receipts: shown, by a program that fetched', async () => {
  const rig = await startRig()
  const fred = await rig.fresh('fred')
  const rose = await rig.old('rose')
  const receipt = fred.next('receipt')
  const { id } = await fred.client.send({ to: 'rose', content: 'seen?' })
  await rose.check()
  expect((await receipt)[0]).toMatchObject({ id, name: 'rose', state: 'shown', route: 'fetch' })
})
