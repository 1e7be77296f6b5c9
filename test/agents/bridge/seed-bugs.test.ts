import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bridgeLimits } from '../../../agents/bridge/index.ts'
import { ManualClock } from '../../support/hub.ts'
import { askWithoutReading, kill } from './dying-client.ts'
import { authToken, exchange, OldClient, openSocket, type OldMessage } from './old-client.ts'
import { letPresenceEnd, startRig } from './rig.ts'

// Bug 11, one file of auto-check for all, has no place on this wire: old clients keep that file by themselves.

const contentsOf = (messages: readonly OldMessage[]): string[] => messages.map(({ message }) => message.content)

test('seed bug 1 through the bridge: registering a live name again does not hand over its inbox', async () => {
  const rig = await startRig()
  const fred = await rig.fresh('fred')
  const rose = await rig.old('rose')
  await fred.client.send({ to: 'rose', content: 'for rose alone' })
  const stranger = new OldClient(rig.bridge.port, 'rose')
  const refused = await stranger.register(rig.secret)
  expect(refused.status).toBe('error')
  // It says until when, in the time of whoever reads it.
  const until = /after (\S+),/.exec(refused.message ?? '')?.[1] ?? ''
  expect(Date.parse(until)).toBe(rig.clock.now() + bridgeLimits.presenceMs)
  expect(refused.session_token).toBeUndefined()
  expect(contentsOf(await rose.check())).toEqual(['for rose alone'])

  // Its holder may register again at once.
  const again = await exchange(rig.bridge.port, {
    action: 'register',
    instance_id: 'rose',
    auth_token: authToken('rose', rig.secret),
    session_token: rose.token,
  })
  expect(again).toMatchObject({ status: 'ok', message: 'Registered rose' })
  expect(await rose.list()).toMatchObject({ status: 'error' })

  // When the name was not used for a while, whoever knows the secret gets it, and the former token is void.
  await letPresenceEnd(rig, fred, 'rose')
  expect(await stranger.register(rig.secret)).toMatchObject({ status: 'ok' })
  rose.token = again.session_token ?? ''
  expect(await rose.list()).toEqual({ status: 'error', message: 'Invalid or missing session token' })
})

test('seed bug 1 through the bridge: of two that register a name at once, one gets it', async () => {
  const rig = await startRig()
  const clients = [1, 2, 3, 4].map(() => new OldClient(rig.bridge.port, 'rose'))
  const answers = await Promise.all(clients.map((client) => client.register(rig.secret)))
  expect(answers.filter(({ status }) => status === 'ok')).toHaveLength(1)
})

test('seed bug 2 through the bridge: nobody renames anybody else', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  const answer = await exchange(rig.bridge.port, {
    action: 'rename',
    old_id: 'barney',
    new_id: 'stolen',
    session_token: rose.token,
  })
  expect(answer).toMatchObject({ status: 'error', message: expect.stringContaining('belongs to rose') })
  const { instances } = await barney.list()
  expect(instances?.map(({ id }) => id)).toEqual(['barney', 'rose'])
})

test('seed bug 3 through the bridge: a rename, its forwarding and its token survive a restart', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  await barney.rename('barney-2')
  const later = await rig.restart()
  const again = { rose: new OldClient(later.bridge.port, 'rose', rose.token) }
  const renamed = new OldClient(later.bridge.port, 'barney-2', barney.token)
  expect(await again.rose.send('barney', 'to the old name')).toMatchObject({
    message: 'Message forwarded from barney to barney-2',
  })
  expect(contentsOf(await renamed.check())).toContain('to the old name')
})

test('seed bug 4 through the bridge: when forwarding ends, a renamed client still gets its mail', async () => {
  const hubClock = new ManualClock()
  const rig = await startRig({ forwardFor: 60_000 }, { hubClock })
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  await rose.send('barney', 'before the rename')
  await barney.rename('barney-2')
  await rose.send('barney', 'forwarded')
  hubClock.advance(61_000)
  await rig.hub.sweep()
  expect(await rose.send('barney-2', 'to the new name')).toMatchObject({ message: 'Message sent' })
  const mail = (await barney.check()).filter(({ from }) => from === 'rose')
  expect(contentsOf(mail)).toEqual(['before the rename', 'forwarded', 'to the new name'])
})

test('seed bug 5 through the bridge: a check whose client dies before it has read loses nothing', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  const { id } = await (await rig.fresh('fred')).client.send({ to: 'barney', content: 'first' })
  expect(id).toBeDefined()
  await rose.send('barney', 'second')
  const answered = rig.nextAnswer()
  const socket = await askWithoutReading(rig.bridge.port, {
    action: 'check',
    instance_id: 'barney',
    session_token: barney.token,
  })
  await answered
  // The answer is written in the turn in which it was made; it lies in the buffers of a client that never looks.
  await setImmediate()
  await kill(socket)
  expect(contentsOf(await barney.check())).toEqual(['first', 'second'])
  expect(await barney.check()).toEqual([])
})

test('seed bug 5 through the bridge: a client that is gone before its answer is made loses nothing', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  await rose.send('barney', 'still there')
  const request = { action: 'check', instance_id: 'barney', session_token: barney.token }
  for (let round = 0; round < 10; round += 1) {
    const answered = rig.nextAnswer()
    const socket = await openSocket(rig.bridge.port)
    await new Promise<void>((resolve) => socket.write(JSON.stringify(request), () => resolve()))
    await kill(socket)
    await answered
  }
  expect(contentsOf(await barney.check())).toEqual(['still there'])
})

test('seed bug 5 through the bridge: a client that stops while it reads loses nothing, and blocks the next check only for a moment', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  await rose.send('barney', 'still there')
  const answered = rig.nextAnswer()
  await askWithoutReading(rig.bridge.port, { action: 'check', instance_id: 'barney', session_token: barney.token })
  await answered
  const next = barney.check()
  await setImmediate()
  rig.clock.advance(bridgeLimits.lingerMs)
  expect(contentsOf(await next)).toEqual(['still there'])
})

test('seed bug 6 through the bridge: a broadcast keeps to the rule for large messages and to the depth of mailboxes', async () => {
  const rig = await startRig({ mailboxDepth: 2 })
  const [rose, barney, fred] = [await rig.old('rose'), await rig.old('barney'), await rig.old('fred')]
  for (const text of ['one', 'two']) await rose.send('fred', text)
  // A topic has a depth of its own for each agent.
  for (const text of ['three', 'four']) await rose.broadcast(text)
  await barney.check()
  const body = `A large text. It goes to everyone. ${'X'.repeat(20_000)}`
  expect(await rose.broadcast(body)).toEqual({
    status: 'ok',
    message: 'Broadcast to 1 instances; it did not reach 1 more, whose mailbox is full',
  })
  const [message] = await barney.check()
  expect(message?.message.content).toMatch(
    /^A large text\. It goes to everyone\. …\nThe whole message \(20 KiB\) is in \//,
  )
  expect(contentsOf(await fred.check())).toEqual(['one', 'two', 'three', 'four'])
})

test('seed bug 7 through the bridge: two large messages of one instant are two whole files of their reader', async () => {
  const hubClock = new ManualClock()
  const rig = await startRig({}, { hubClock })
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  const bodies = ['first', 'second'].map((word) => `${word} `.repeat(3_000))
  for (const body of bodies) await rose.send('barney', body)
  const messages = await barney.check()
  const paths = messages.map(({ message }) => / is in (\/.*\.md)$/.exec(message.content)?.[1] ?? '')
  expect(new Set(messages.map(({ timestamp }) => timestamp)).size).toBe(1)
  expect(new Set(paths).size).toBe(2)
  paths.forEach((path, index) => {
    const text = readFileSync(path, 'utf8')
    expect(text).toContain('- From: rose\n- To: barney\n- Time: ')
    expect(text).toContain(`- Size: ${bodies[index]!.length} bytes`)
    expect(text.endsWith(`\n---\n\n${bodies[index]}\n`)).toBe(true)
  })
})

const sizes = [4_000, 4_095, 4_096, 4_097, 8_192, 10_240, 10_241, 65_535, 65_536, 65_537, 131_072, 300_000]

test.each(sizes)('seed bug 8 through the bridge: a body of %i bytes goes there and back whole', async (size) => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  // Characters of four bytes, so that every boundary lies inside of one for some of the sizes.
  const body = `${'😀'.repeat(Math.floor(size / 4))}${'x'.repeat(size % 4)}`
  expect(await rose.send('barney', body)).toMatchObject({ status: 'ok' })
  const [message] = await barney.check()
  const path = / is in (\/.*\.md)$/.exec(message!.message.content)?.[1]
  if (path === undefined) expect(message!.message.content === body).toBe(true)
  else expect(readFileSync(path, 'utf8').endsWith(`\n---\n\n${body}\n`)).toBe(true)
})

test('seed bug 8 through the bridge: what exceeds one answer comes with the next ones, and the client is told', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  const bodies = Array.from({ length: 60 }, (_, index) => `${index}: ${'é'.repeat(2_000)}`)
  for (const body of bodies) await rose.send('barney', body)
  const request = { action: 'check', instance_id: 'barney', session_token: barney.token }
  const first = await exchange(rig.bridge.port, request)
  const shown = contentsOf(first.messages ?? [])
  expect(first.message).toBe(`${60 - shown.length} more messages are waiting: check again.`)
  while (shown.length < bodies.length) {
    const more = contentsOf(await barney.check())
    expect(more).not.toEqual([])
    shown.push(...more)
  }
  expect(shown).toEqual(bodies)
  expect(await exchange(rig.bridge.port, request)).toEqual({ status: 'ok', messages: [] })
})

test('seed bug 9 through the bridge: of messages of one instant, those that were shown are read, and no others', async () => {
  const hubClock = new ManualClock()
  const rig = await startRig({}, { hubClock })
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  const bodies = Array.from({ length: 12 }, (_, index) => `${index}: ${'x'.repeat(9_000)}`)
  for (const body of bodies) await rose.send('barney', body)
  const first = await barney.check()
  expect(new Set(first.map(({ timestamp }) => timestamp)).size).toBe(1)
  expect(first.length).toBeLessThan(bodies.length)
  const second = await barney.check()
  expect([...contentsOf(first), ...contentsOf(second)]).toEqual(bodies)
})

test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
  'seed bug 10 through the bridge: in %s nothing expires early, and who is gone was last seen when it left',
  async (zone) => {
    const former = process.env['TZ']
    process.env['TZ'] = zone
    try {
      const hubClock = new ManualClock()
      const rig = await startRig({ unclaimedTtl: 3_600_000 }, { hubClock })
      const fred = await rig.fresh('fred')
      const rose = await rig.old('rose')
      await rose.send('barney', 'for an hour')
      const sentAt = hubClock.now()
      hubClock.advance(3_500_000)
      await rig.hub.sweep()
      const barney = await rig.old('barney')
      const [message] = await barney.check()
      expect(Date.parse(message!.timestamp)).toBe(sentAt)

      await letPresenceEnd(rig, fred, 'rose')
      const leftAt = hubClock.now()
      hubClock.advance(600_000)
      const { instances } = await barney.list()
      const seen = (name: string) => Date.parse(instances?.find(({ id }) => id === name)?.last_seen ?? '')
      expect(seen('rose')).toBe(leftAt)
      expect(seen('barney')).toBe(hubClock.now())
    } finally {
      if (former === undefined) delete process.env['TZ']
      else process.env['TZ'] = former
    }
  },
)
