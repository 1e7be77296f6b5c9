import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { closeCodes } from '../../protocol/index.ts'
import { ManualClock, startTestHub } from '../support/hub.ts'
import { ManualTimers } from '../support/timers.ts'
import { enter, greet, makeKey, refusal, say, secretOf, WirePeer } from '../support/wire.ts'

test('[P-10] [S-3] a name belongs to the key that registered it first', async () => {
  const hub = await startTestHub()
  const { peer, attached, key } = await enter(hub, 'rose')
  expect(attached).toMatchObject({ name: 'rose', created: true, waiting: 0, topics: ['#all'], recovered: false })
  peer.socket.close()
  await peer.closed
  const stranger = await greet(hub)
  const error = await refusal(stranger.request('register', { name: 'rose', key: makeKey() }))
  expect(error).toMatchObject({ reason: 'name_taken', data: { next: expect.stringContaining('another name') } })
  const again = await enter(hub, 'rose', { key })
  expect(again.attached.created).toBe(false)
})

test('[P-7] names are compared without regard to case, and keep it', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'Rose')
  const stranger = await greet(hub)
  expect((await refusal(stranger.request('register', { name: 'rose', key: makeKey() }))).reason).toBe('name_taken')
  const { peer: claude } = await enter(hub, 'claude')
  expect((await say(claude, 'ROSE', 'hello')).outlook).toMatchObject({ kind: 'online', name: 'Rose' })
  expect((await rose.notification('message')).content).toBe('hello')
})

test.each(['bellhop', 'HUB', 'all', 'Everyone', 'everybody'])(
  '[P-7] %s cannot be registered, and gets no mail',
  async (name) => {
    const hub = await startTestHub()
    const { peer } = await enter(hub, 'rose')
    expect((await refusal(peer.request('register', { name: name, key: makeKey() }))).reason).toBe('name_reserved')
    expect((await refusal(say(peer, name, 'hello'))).reason).toBe('name_reserved')
  },
)

test('[P-11] seed bug 1: registering a live name again does not hand its inbox to the newcomer', async () => {
  const hub = await startTestHub()
  const { peer: rose, key } = await enter(hub, 'rose')
  const { peer: claude } = await enter(hub, 'claude')
  const thief = await greet(hub)
  expect((await refusal(thief.request('register', { name: 'rose', key: makeKey() }))).reason).toBe('name_taken')
  // The same user's second assistant has the key, and still must say that it means it.
  const second = await greet(hub)
  const error = await refusal(second.request('register', { name: 'rose', key }))
  expect(error).toMatchObject({ reason: 'name_in_use', data: { next: expect.stringContaining('takeOver') } })
  expect(error.data).toMatchObject({ details: { since: expect.stringMatching(/^\d{4}-.*Z$/) } })
  await say(claude, 'rose', 'for rose alone')
  expect((await rose.notification('message')).content).toBe('for rose alone')
  await second.settle()
  expect(second.frames).toEqual([])
})

test('[P-11] [S-3] [S-5] a take-over on request closes the former session for good', async () => {
  const hub = await startTestHub()
  const { peer: first, key, attached } = await enter(hub, 'rose')
  await enter(hub, 'rose', { key, takeOver: true })
  expect(await first.closed).toEqual({ code: closeCodes.taken_over.code, reason: 'taken_over' })
  const back = await greet(hub)
  expect((await refusal(back.request('resume', { session: attached.session.token }))).reason).toBe('session_invalid')
})

test('[P-11] a session that answers no ping is taken over without being asked', async () => {
  const timers = new ManualTimers()
  const hub = await startTestHub({}, { timers })
  const key = makeKey()
  const first = new WirePeer(hub.url, { autoPong: false })
  await first.hello(secretOf(hub.home.folder))
  await first.request('register', { name: 'rose', key })
  const second = await greet(hub)
  const pinged = once(first.socket, 'ping')
  const registered = second.request('register', { name: 'rose', key })
  await pinged
  timers.advance(8_000)
  expect((await registered).name).toBe('rose')
  expect((await first.closed).reason).toBe('unresponsive')
})

test('[P-11] register on a connection that has a name leaves it and takes the new one', async () => {
  const hub = await startTestHub()
  const { peer } = await enter(hub, 'rose')
  await peer.request('register', { name: 'fred', key: makeKey() })
  const { agents } = await peer.request('list', {})
  expect(agents.map(({ name, online }) => [name, online])).toEqual([
    ['fred', true],
    ['rose', false],
  ])
})

test('[P-12] two resumes without traffic deliver nothing the second time', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose, attached } = await enter(hub, 'rose')
  await say(claude, 'rose', 'one')
  const { seq } = await rose.notification('message')
  rose.socket.terminate()
  await say(claude, 'rose', 'two')

  const position = { epoch: attached.epoch, seq }
  const first = await greet(hub)
  const answer = await first.request('resume', { session: attached.session.token, position })
  expect(answer).toMatchObject({ recovered: true, waiting: 2, name: 'rose' })
  const second = await first.notification('message')
  expect(second.content).toBe('two')
  first.socket.terminate()

  const last = await greet(hub)
  const again = await last.request('resume', {
    session: attached.session.token,
    position: { epoch: attached.epoch, seq: second.seq },
  })
  expect(again).toMatchObject({ recovered: true, waiting: 2 })
  await last.settle()
  expect(last.frames).toEqual([])
})

test('[P-12] a position that the ledger never reached is not recovered: everything is pushed afresh', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose, attached } = await enter(hub, 'rose')
  await say(claude, 'rose', 'one')
  await rose.notification('message')
  rose.socket.terminate()
  for (const position of [
    { epoch: 'zzzzzzzz', seq: 1 },
    { epoch: attached.epoch, seq: 999 },
  ]) {
    const peer = await greet(hub)
    const answer = await peer.request('resume', { session: attached.session.token, position })
    expect(answer.recovered).toBe(false)
    expect((await peer.notification('message')).content).toBe('one')
    peer.socket.terminate()
    await peer.closed
  }
})

test('[P-12] [S-5] a session ends a day after its last use, and use extends it', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const { peer, attached } = await enter(hub, 'rose')
  clock.advance(20 * 3_600_000)
  await hub.sweep()
  peer.socket.terminate()
  clock.advance(20 * 3_600_000)
  const second = await greet(hub)
  expect((await second.request('resume', { session: attached.session.token })).name).toBe('rose')
  second.socket.terminate()
  clock.advance(25 * 3_600_000)
  const third = await greet(hub)
  expect((await refusal(third.request('resume', { session: attached.session.token }))).reason).toBe('session_invalid')
})

test('[S-5] neither tokens nor keys lie in the home in the clear', async () => {
  const hub = await startTestHub()
  const { attached, key } = await enter(hub, 'rose')
  await hub.close()
  for (const name of readdirSync(hub.home.folder, { withFileTypes: true })) {
    if (!name.isFile()) continue
    const content = readFileSync(`${hub.home.folder}/${name.name}`, 'latin1')
    expect(content).not.toContain(attached.session.token)
    expect(content).not.toContain(key)
  }
})

test('[S-7] registrations of new names from one address are limited, and coming back is not counted', async () => {
  const hub = await startTestHub({ registrationsPerMinute: 3 })
  const { key, peer } = await enter(hub, 'rose')
  for (let i = 0; i < 5; i += 1) await peer.request('register', { name: 'rose', key })
  await enter(hub, 'fred')
  await enter(hub, 'barney')
  const late = await greet(hub)
  const error = await refusal(late.request('register', { name: 'late', key: makeKey() }))
  expect(error.reason).toBe('rate_limited')
  expect(error.data?.temporary).toBe(true)
  expect(error.data?.retryAfterMs).toBeGreaterThan(0)
})

test('[P-51] [S-5] a released name is free, its session is over, and its mail bounces to those who sent it', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose, attached } = await enter(hub, 'rose', { window: 0 })
  const { id } = await say(claude, 'rose', 'too late')
  expect(await rose.request('release', {})).toEqual({ name: 'rose', bounced: 1 })
  expect((await refusal(rose.request('fetch', {}))).reason).toBe('not_registered')
  expect((await refusal(rose.request('resume', { session: attached.session.token }))).reason).toBe('session_invalid')
  await hub.sweep()
  const notice = await claude.notification('message')
  expect(notice).toMatchObject({ kind: 'notice', from: 'bellhop', data: { event: 'bounced', id } })
  const { receipts } = await claude.request('receipts', { id })
  expect(receipts[0]?.recipients[0]).toMatchObject({ name: 'rose', state: 'bounced' })
  expect((await enter(hub, 'rose')).attached).toMatchObject({ created: true, waiting: 0 })
})

test('[P-53] presence is pushed to those who asked for it', async () => {
  const hub = await startTestHub()
  const { peer: watcher } = await enter(hub, 'watcher', { presence: true })
  const { peer: other } = await enter(hub, 'other')
  const { peer: rose } = await enter(hub, 'rose')
  expect(await watcher.notification('presence')).toEqual({ name: 'other', online: true })
  expect(await watcher.notification('presence')).toEqual({ name: 'rose', online: true })
  rose.socket.terminate()
  expect(await watcher.notification('presence')).toEqual({ name: 'rose', online: false })
  await other.settle()
  expect(other.frames).toEqual([])
})

test('seed bug 10: an agent that is gone is not listed as present', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const { peer: watcher } = await enter(hub, 'watcher', { presence: true })
  const { peer: rose } = await enter(hub, 'rose', { routes: ['tool_result'] })
  await watcher.notification('presence')
  rose.socket.terminate()
  await watcher.notification('presence')
  clock.advance(3_600_000)
  const { agents, online, total } = await watcher.request('list', {})
  expect({ online, total }).toEqual({ online: 1, total: 2 })
  expect(agents[0]).toMatchObject({ name: 'rose', online: false, routes: [] })
  expect(Date.parse(agents[0]!.lastSeenAt)).toBe(clock.now() - 3_600_000)
})
