import { expect, test } from 'vitest'
import { ManualClock, startTestHub } from '../support/hub.ts'
import { enter, greet, makeKey, refusal, say } from '../support/wire.ts'

const hour = 3_600_000

test('[P-50] seed bug 3: a rename survives a restart, and mail reaches the agent under both names', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const { peer: rose, key } = await enter(hub, 'rose')
  const { peer: claude } = await enter(hub, 'claude')
  await say(claude, 'rose', 'before')
  expect(await rose.request('rename', { name: 'rose-debugging' })).toMatchObject({
    name: 'rose-debugging',
    previous: 'rose',
    forwardsUntil: new Date(clock.now() + 2 * hour).toISOString(),
  })
  await hub.close()

  const again = await startTestHub({ home: hub.home.folder }, { clock })
  const { peer: sender } = await enter(again, 'fred')
  const outlook = (await say(sender, 'rose', 'to the old name')).outlook
  expect(outlook).toMatchObject({ kind: 'away', name: 'rose-debugging', forwardedFrom: 'rose' })
  await say(sender, 'rose-debugging', 'to the new name')
  const { peer, attached } = await enter(again, 'rose-debugging', { key })
  expect(attached.created).toBe(false)
  const contents = (await peer.request('fetch', {})).messages
    .filter(({ kind }) => kind === 'message')
    .map(({ content }) => content)
  expect(contents).toEqual(['before', 'to the old name', 'to the new name'])
})

test('seed bug 2: nobody renames another', async () => {
  const hub = await startTestHub()
  await enter(hub, 'rose')
  const { peer: mallory } = await enter(hub, 'mallory')
  const forged = { name: 'gone', old_id: 'rose', oldName: 'rose', previous: 'rose' }
  expect(await mallory.request('rename', forged as never)).toMatchObject({ previous: 'mallory', name: 'gone' })
  const { agents } = await mallory.request('list', {})
  expect(agents.map(({ name }) => name)).toEqual(['gone', 'rose'])
})

test('seed bug 4: when forwarding has ended, the renamed agent still has all its mail', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const { peer: rose } = await enter(hub, 'rose', { window: 0 })
  const { peer: claude } = await enter(hub, 'claude')
  await say(claude, 'rose', 'one')
  await rose.request('rename', { name: 'rosa' })
  await say(claude, 'rose', 'two')
  clock.advance(3 * hour)
  await hub.sweep()
  expect((await say(claude, 'rose', 'to whoever is rose next')).outlook).toMatchObject({ kind: 'unregistered' })
  await say(claude, 'rosa', 'three')
  const mail = (await rose.request('fetch', {})).messages.filter(({ kind }) => kind === 'message')
  expect(mail.map(({ content }) => content)).toEqual(['one', 'two', 'three'])
  expect((await enter(hub, 'rose')).attached).toMatchObject({ created: true, waiting: 1 })
})

test('[P-50] forwarding follows further renames, and the old names cannot be taken meanwhile', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({ renameEvery: 0 }, { clock })
  const { peer: agent } = await enter(hub, 'a')
  const { peer: claude } = await enter(hub, 'claude')
  await agent.request('rename', { name: 'b' })
  await agent.request('rename', { name: 'c' })
  expect((await say(claude, 'a', 'hello')).outlook).toMatchObject({ kind: 'online', name: 'c', forwardedFrom: 'a' })
  const stranger = await greet(hub)
  const error = await refusal(stranger.request('register', { name: 'a', key: makeKey() }))
  expect(error).toMatchObject({ reason: 'name_taken', data: { details: { forwardsTo: 'c' } } })
  expect(error.message).toContain('"c"')
  expect(await agent.request('rename', { name: 'a' })).toMatchObject({ name: 'a', previous: 'c' })
})

test('[P-50] everyone else gets a notice of a rename, those who come later as well, and the agent itself none', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  const { peer: claude } = await enter(hub, 'claude')
  await rose.request('rename', { name: 'rosa' })
  expect(await claude.notification('message')).toMatchObject({
    kind: 'notice',
    content: expect.stringMatching(/^rose is now called rosa/),
  })
  expect((await rose.request('status', {})).agent).toMatchObject({ waiting: 0 })
  // What is pushed next is no notice either.
  await say(claude, 'rosa', 'hello')
  expect((await rose.notification('message')).content).toBe('hello')
  expect((await rose.request('fetch', {})).messages.map(({ content }) => content)).toEqual(['hello'])
})

test('[P-50] mail that waited under the new name is the agent’s, and is pushed', async () => {
  const hub = await startTestHub()
  const { peer: claude } = await enter(hub, 'claude')
  await say(claude, 'rosa', 'for rosa, whoever that is')
  const { peer: rose } = await enter(hub, 'rose')
  await say(claude, 'rose', 'later')
  const later = await rose.notification('message')
  await rose.request('rename', { name: 'rosa' })
  const pushed = [await rose.notification('message'), await rose.notification('message')].map(({ content }) => content)
  // [P-33] What was pushed before comes again; the client knows its id.
  expect(pushed).toEqual(['for rosa, whoever that is', later.content])
})

test('[P-12] a session from before a rename is not recovered, so that no older mail is missed', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const { peer: claude } = await enter(hub, 'claude')
  await say(claude, 'rosa', 'old mail under the new name')
  const { peer: rose, attached } = await enter(hub, 'rose')
  await say(claude, 'rose', 'new mail')
  const { seq } = await rose.notification('message')
  clock.advance(1_000)
  await rose.request('rename', { name: 'rosa' })
  rose.socket.terminate()
  const position = { epoch: attached.epoch, seq }
  const second = await greet(hub)
  const answer = await second.request('resume', { session: attached.session.token, position })
  expect(answer).toMatchObject({ recovered: false, name: 'rosa' })
  expect(answer.session.token).not.toBe(attached.session.token)
  expect((await second.notification('message')).content).toBe('old mail under the new name')
  second.socket.terminate()
  clock.advance(1_000)
  const third = await greet(hub)
  expect((await third.request('resume', { session: answer.session.token, position })).recovered).toBe(true)
})

test('[P-50] [S-7] everyone is told, once an hour at most, and taken names stay taken', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const { peer: claude } = await enter(hub, 'claude')
  const { peer: rose } = await enter(hub, 'rose')
  expect((await refusal(rose.request('rename', { name: 'Claude' }))).reason).toBe('name_taken')
  expect((await refusal(rose.request('rename', { name: 'all' }))).reason).toBe('name_reserved')
  await rose.request('rename', { name: 'rosa' })
  expect(await rose.notification('renamed')).toMatchObject({ previous: 'rose', name: 'rosa' })
  expect(await claude.notification('message')).toMatchObject({
    kind: 'notice',
    priority: 'low',
    data: { event: 'renamed', previous: 'rose', name: 'rosa' },
  })
  clock.advance(40 * 60_000)
  const error = await refusal(rose.request('rename', { name: 'rosalie' }))
  expect(error).toMatchObject({ reason: 'rename_too_soon', data: { retryAfterMs: 20 * 60_000 } })
  expect(error.message).toContain('20 min')
  clock.advance(20 * 60_000)
  expect((await rose.request('rename', { name: 'rosalie' })).name).toBe('rosalie')
})

test('auto-check is stored for each agent, and survives a restart', async () => {
  const hub = await startTestHub()
  const { peer: rose, key } = await enter(hub, 'rose')
  const { attached } = await enter(hub, 'claude')
  await rose.request('configure', { autoCheck: { enabled: true, minutes: 5 } })
  expect((await rose.request('status', {})).agent).toMatchObject({
    name: 'rose',
    autoCheck: { enabled: true, minutes: 5 },
  })
  expect(attached.autoCheck).toEqual({ enabled: true, minutes: 0 })
  await hub.close()
  const again = await startTestHub({ home: hub.home.folder })
  expect((await enter(again, 'rose', { key })).attached.autoCheck).toEqual({ enabled: true, minutes: 5 })
})

test('[P-51] what is asked behind a release, without waiting for its answer, is asked without a name', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  const { peer: claude } = await enter(hub, 'claude')
  const [released, renamed, joined] = await Promise.allSettled([
    rose.request('release', {}),
    rose.request('rename', { name: 'rosa' }),
    rose.request('join', { topic: '#plans' }),
  ])
  expect(released).toMatchObject({ status: 'fulfilled', value: { name: 'rose' } })
  for (const refused of [renamed, joined]) expect(refused).toMatchObject({ reason: { reason: 'not_registered' } })
  expect(await claude.request('join', { topic: '#plans' })).toMatchObject({ members: 1 })
})

test('[P-52] an agent that is gone before it has joined is not there', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  const { peer: claude } = await enter(hub, 'claude')
  rose.post('join', { topic: '#plans' })
  rose.socket.terminate()
  // Both what it asked for and its end have come to the hub.
  while ((await claude.request('join', { topic: '#plans' })).members < 2)
    await claude.request('leave', { topic: '#plans' })
  while ((await claude.request('status', {})).hub.online > 1) await claude.settle()
  expect((await say(claude, '#plans', 'hello')).outlook).toMatchObject({ recipients: 1, online: 0 })
})

test('[P-52] a topic that is joined under two spellings is one', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  await rose.request('join', { topic: '#plans' })
  expect(await rose.request('join', { topic: '#Plans' })).toMatchObject({ joined: false, members: 1 })
  expect((await rose.request('status', {})).agent?.topics).toEqual(['#all', '#plans'])
})
