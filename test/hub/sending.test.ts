import { expect, test } from 'vitest'
import { ManualClock, startTestHub } from '../support/hub.ts'
import { enter, refusal, say } from '../support/wire.ts'

const day = 24 * 3_600_000

test('[P-20] what was answered is there after the hub was closed and opened again', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { id } = await say(claude, 'nobody-yet', 'for later')
  await hub.close()
  const again = await startTestHub({ home: hub.home.folder })
  expect(again.epoch).toBe(hub.epoch)
  const { peer, attached } = await enter(again, 'nobody-yet')
  expect(attached.waiting).toBe(1)
  expect(await peer.notification('message')).toMatchObject({ id, content: 'for later', from: 'claude' })
})

test('half a character is pushed as it is read back from disk', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose } = await enter(hub, 'rose')
  await say(claude, 'rose', 'half \ud83d of a bell')
  const { content } = await rose.notification('message')
  expect(content).toBe('half \ufffd of a bell')
  expect((await rose.request('fetch', {})).messages).toMatchObject([{ content }])
})

test('[P-21] the same client id is stored once', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose } = await enter(hub, 'rose')
  const request = { clientId: 'once', to: 'rose' as never, content: 'hello' }
  const first = await claude.request('send', request)
  const second = await claude.request('send', request)
  expect(first.duplicate).toBe(false)
  expect(second).toMatchObject({ id: first.id, seq: first.seq, duplicate: true })
  await rose.notification('message')
  await rose.settle()
  expect(rose.frames).toEqual([])
})

test('[P-21] [S-7] what was accepted is not refused for the rate when it is asked for again', async () => {
  const hub = await startTestHub({ sendsPerMinute: 2 })
  const { peer } = await enter(hub, 'claude')
  const { id } = await say(peer, 'rose', 'one', { clientId: 'first' })
  await say(peer, 'rose', 'two')
  const error = await refusal(say(peer, 'rose', 'three'))
  expect(error).toMatchObject({ reason: 'rate_limited', data: { temporary: true } })
  expect(error.data?.retryAfterMs).toBeGreaterThan(0)
  expect(error.data?.next).toMatch(/Wait \d+ s/)
  expect(await say(peer, 'rose', 'one', { clientId: 'first' })).toMatchObject({ id, duplicate: true })
})

test('[P-22] messages of one sender keep their order, also where one of them takes longer to prepare', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose } = await enter(hub, 'rose')
  const { id } = await say(claude, 'rose', 'start')
  await rose.notification('message')
  const contents = ['a', 'x'.repeat(20_000), 'b', 'c', 'y'.repeat(30_000), 'd']
  for (const [index, content] of contents.entries()) {
    const more = index % 2 === 0 ? { replyTo: id } : {}
    claude.post('send', { clientId: `order-${index}`, to: 'rose', content, ...more })
  }
  const got: string[] = []
  for (const _ of contents) got.push((await rose.notification('message')).content.slice(0, 1))
  expect(got).toEqual(['a', 'x', 'b', 'c', 'y', 'd'])
})

test('[P-23] the outlook says how and when it will be seen', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const { peer: claude } = await enter(hub, 'claude', { presence: true })
  const { peer: rose } = await enter(hub, 'rose', { routes: ['tool_result'] })
  const autoCheck = { enabled: true, minutes: 0 }
  const online = { kind: 'online', name: 'rose', routes: ['tool_result'], autoCheck }
  expect((await say(claude, 'rose', 'x')).outlook).toEqual(online)
  await rose.request('configure', { autoCheck: { enabled: true, minutes: 5 } })
  expect((await say(claude, 'rose', 'x')).outlook).toEqual({ ...online, autoCheck: { enabled: true, minutes: 5 } })
  await rose.request('reach', { routes: ['wait', 'tool_result'] })
  expect((await say(claude, 'rose', 'x')).outlook).toMatchObject({ routes: ['wait', 'tool_result'] })
  await claude.notification('presence')
  rose.socket.terminate()
  await claude.notification('presence')
  const since = new Date(clock.now()).toISOString()
  clock.advance(60_000)
  const waitsUntil = new Date(clock.now() + 30 * day).toISOString()
  expect((await say(claude, 'rose', 'x')).outlook).toEqual({ kind: 'away', name: 'rose', since, waitsUntil })
  expect((await say(claude, 'rosse', 'x')).outlook).toEqual({
    kind: 'unregistered',
    name: 'rosse',
    waitsUntil: new Date(clock.now() + 7 * day).toISOString(),
    didYouMean: ['rose'],
  })
})

test('[P-24] replyTo must be a message of the sender’s own; its sender learns that it was answered', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose } = await enter(hub, 'rose')
  const { peer: fred } = await enter(hub, 'fred')
  const { id } = await say(claude, 'rose', 'question?', { thread: 'plans', data: { n: 1 }, priority: 'urgent' })
  const message = await rose.notification('message')
  expect(message).toMatchObject({ id, thread: 'plans', data: { n: 1 }, priority: 'urgent' })
  await say(rose, 'claude', 'answer', { replyTo: id })
  expect(await claude.notification('receipt')).toMatchObject({ id, name: 'rose', state: 'answered' })
  expect(await claude.notification('message')).toMatchObject({ content: 'answer', replyTo: id })
  const error = await refusal(say(fred, 'claude', 'me too', { replyTo: id }))
  expect(error).toMatchObject({ reason: 'message_unknown', data: { next: expect.stringContaining('history') } })
})

test('[P-25] seed bug 6: a broadcast keeps the limits of size and of the mailbox', async () => {
  const hub = await startTestHub({ mailboxDepth: 2 })
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose } = await enter(hub, 'rose')
  const { peer: fred } = await enter(hub, 'fred', { window: 0 })
  const large = await say(claude, '#all', 'Long. '.repeat(4_000))
  expect(large.outlook).toEqual({ kind: 'topic', name: '#all', recipients: 2, online: 2, bounced: 0 })
  const pushed = await rose.notification('message')
  expect(pushed.content.length).toBeLessThan(400)
  expect(pushed.blob).toMatchObject({ size: 24_000 })
  await rose.request('ack', { ids: [pushed.id], state: 'shown', route: 'fetch' })
  await say(claude, '#all', 'two')
  const { id } = await rose.notification('message')
  await rose.request('ack', { ids: [id], state: 'shown', route: 'fetch' })
  // Fred has read nothing and is full; Rose gets it all the same.
  expect((await say(claude, '#all', 'three')).outlook).toMatchObject({ recipients: 2, bounced: 1 })
  expect((await rose.notification('message')).content).toBe('three')
  expect((await fred.request('fetch', {})).messages.map(({ content }) => content.slice(0, 3))).toEqual(['Lon', 'two'])
})

test('[P-25] a broadcast to nobody, or to an empty topic, is refused and says so', async () => {
  const hub = await startTestHub()
  const { peer } = await enter(hub, 'claude')
  expect((await refusal(say(peer, '#all', 'hello?'))).reason).toBe('no_recipients')
  await peer.request('join', { topic: '#frontend' })
  const error = await refusal(say(peer, '#frontend', 'hello?'))
  expect(error).toMatchObject({ reason: 'no_recipients', data: { next: expect.stringContaining('#frontend') } })
})

test('a full mailbox refuses, says so, and takes mail again when it was read', async () => {
  const hub = await startTestHub({ mailboxDepth: 2 })
  const { peer: claude } = await enter(hub, 'claude')
  await say(claude, 'rose', 'one', { clientId: 'one' })
  await say(claude, 'rose', 'two')
  const error = await refusal(say(claude, 'rose', 'three'))
  expect(error).toMatchObject({
    reason: 'mailbox_full',
    data: { temporary: true, details: { name: 'rose', waiting: 2 } },
  })
  // What was accepted before stays accepted.
  expect((await say(claude, 'rose', 'one', { clientId: 'one' })).duplicate).toBe(true)
  const { peer: rose } = await enter(hub, 'rose')
  const { id } = await rose.notification('message')
  await rose.request('ack', { ids: [id], state: 'shown', route: 'fetch' })
  await say(claude, 'rose', 'three')
})

test('an empty message, and data that is too large, are refused with the next step', async () => {
  const hub = await startTestHub()
  const { peer } = await enter(hub, 'claude')
  expect((await refusal(say(peer, 'rose', ''))).reason).toBe('invalid_params')
  const error = await refusal(say(peer, 'rose', 'x', { data: { pad: 'x'.repeat(11_000) } }))
  expect(error.reason).toBe('too_large')
})

test('[P-52] topics reach their members, from the moment they joined until they left', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose } = await enter(hub, 'rose')
  const { peer: fred } = await enter(hub, 'fred')
  await rose.request('join', { topic: '#frontend' })
  await say(claude, '#frontend', 'one')
  expect(await fred.request('join', { topic: '#Frontend' })).toMatchObject({ members: 2, joined: true })
  expect((await fred.request('join', { topic: '#frontend' })).joined).toBe(false)
  await say(claude, '#frontend', 'two')
  expect(await rose.request('leave', { topic: '#frontend' })).toMatchObject({ left: true })
  await say(claude, '#FRONTEND', 'three')
  const contents = async (peer: typeof rose) => (await peer.request('fetch', {})).messages.map(({ content }) => content)
  expect(await contents(rose)).toEqual(['one', 'two'])
  expect(await contents(fred)).toEqual(['two', 'three'])
  await rose.settle()
  await fred.settle()
  expect(rose.frames.length).toBe(2)
  expect(fred.frames.length).toBe(2)
  expect((await refusal(rose.request('leave', { topic: '#all' }))).reason).toBe('topic_fixed')
})

test('[P-21] a repeated request that names another message answers nothing', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  const { peer: claude } = await enter(hub, 'claude')
  const { id } = await say(claude, 'rose', 'a question')
  const about = { clientId: 'once', to: 'claude', content: 'hello' }
  await rose.request('send', about)
  expect(await rose.request('send', { ...about, replyTo: id })).toMatchObject({ duplicate: true })
  const { receipts } = await claude.request('receipts', { id })
  expect(receipts[0]?.recipients).toMatchObject([{ name: 'rose', state: 'queued' }])
})
