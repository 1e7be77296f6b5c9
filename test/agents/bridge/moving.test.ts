import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openAdmin } from '../../../agents/admin/admin.ts'
import { BridgeError, bridgeLimits, startBridge } from '../../../agents/bridge/index.ts'
import { readSettings } from '../../../agents/client/index.ts'
import { startClient } from '../../support/clients.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { startTestHub } from '../../support/hub.ts'
import { startHubChild } from '../../support/hub-child.ts'
import { homeWithHub } from '../../support/hub-process.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { startToll } from '../../support/toll.ts'
import { secretOf } from '../../support/wire.ts'
import { askWithoutReading, kill } from './dying-client.ts'
import { authToken, OldClient } from './old-client.ts'
import { letPresenceEnd, startRig, startTestBridge } from './rig.ts'

test('an old client and a new one talk: texts, data, large bodies, both ways', async () => {
  const rig = await startRig()
  const [rose, fred] = [await rig.old('rose'), await rig.fresh('fred')]
  const large = 'A first sentence. A second one. '.repeat(1_000)
  await rose.send('fred', 'hello', { from: 'an old one' })
  await rose.send('fred', large)
  await fred.untilMessages(2)
  expect(fred.messages[0]).toMatchObject({ from: 'rose', to: 'fred', content: 'hello', data: { from: 'an old one' } })
  const { blob, content } = fred.messages[1]!
  expect(content).toBe('A first sentence. A second one. …')
  expect(Buffer.from(await fred.client.download(blob!)).toString()).toBe(large)

  await fred.client.send({ to: 'rose', content: 'hello back', data: { from: 'a new one' } })
  await fred.client.send({ to: 'rose', content: large })
  const [small, big] = await rose.check()
  expect(small).toMatchObject({ from: 'fred', message: { content: 'hello back', data: { from: 'a new one' } } })
  const [, summary, path] = /^(.*)\nThe whole message \(32 KiB\) is in (.*)$/.exec(big!.message.content) ?? []
  expect(summary).toBe('A first sentence. A second one. …')
  expect(path).toContain(join(rig.home, 'mail', 'rose'))
  expect(readFileSync(path!, 'utf8')).toContain(large.trimEnd())
})

test('sessions survive a restart of hub and bridge; the file that keeps them is of no use to who reads it', async () => {
  const rig = await startRig()
  const [rose, barney] = [await rig.old('rose'), await rig.old('barney')]
  const file = join(rig.home, 'bridge.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).not.toContain(rose.token)
  await rose.send('barney', 'before')

  const { bridge } = await rig.restart()
  const again = new OldClient(bridge.port, 'rose', rose.token)
  expect(await again.send('barney', 'after')).toMatchObject({ message: 'Message sent' })
  const messages = await new OldClient(bridge.port, 'barney', barney.token).check()
  expect(messages.map(({ message }) => message.content)).toEqual(['before', 'after'])
})

test('a hub that is killed and started again, as a process with its bridge, knows the tokens of before', async () => {
  const { home, env } = homeWithHub()
  const port = await freePort()
  const settings = { ...env, BELLHOP_BRIDGE: String(port) }
  const hub = await startHubChild(settings)
  const [rose, barney] = [new OldClient(port, 'rose'), new OldClient(port, 'barney')]
  for (const client of [rose, barney]) {
    // Its greeting comes when both are there, and it was the bridge that came last.
    expect(await client.register(secretOf(home))).toMatchObject({ status: 'ok' })
  }
  await rose.send('barney', 'before')
  await hub.end('SIGKILL')
  await startHubChild(settings)
  expect(await rose.send('barney', 'after')).toEqual({ status: 'ok', message: 'Message sent' })
  expect((await barney.check()).map(({ message }) => message.content)).toEqual(['before', 'after'])
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('a session ends a day after its last use, and not before', async () => {
  const rig = await startRig()
  const rose = await rig.old('rose')
  rig.clock.advance(bridgeLimits.sessionMs - 1)
  expect((await rose.list()).status).toBe('ok')
  rig.clock.advance(bridgeLimits.sessionMs - 1)
  expect((await rose.list()).status).toBe('ok')
  rig.clock.advance(bridgeLimits.sessionMs)
  expect(await rose.list()).toEqual({ status: 'error', message: 'Invalid or missing session token' })
})

test('a damaged file of sessions costs a registration and nothing else', async () => {
  const rig = await startRig()
  const rose = await rig.old('rose')
  await rig.bridge.close()
  writeFileSync(join(rig.home, 'bridge.json'), '{"version":1,"sessions":[{')
  const bridge = await startTestBridge({ home: rig.home })
  const again = new OldClient(bridge.port, 'rose', rose.token)
  expect(await again.list()).toMatchObject({ message: 'Invalid or missing session token' })
  expect(await again.register(rig.secret)).toMatchObject({ status: 'ok' })
})

test('moving over keeps the name: the same user takes it with a new client', async () => {
  const rig = await startRig()
  const [fred, rose] = [await rig.fresh('fred'), await rig.old('rose')]
  const moved = await startClient({ BELLHOP_HOME: rig.home })
  await expect(moved.client.register({ name: 'rose' })).rejects.toMatchObject({ reason: 'name_in_use' })
  await letPresenceEnd(rig, fred, 'rose')
  await fred.client.send({ to: 'rose', content: 'for whoever is rose' })
  await moved.client.register({ name: 'rose' })
  await moved.untilMessages(1)
  // The old client hears why it has no name any more.
  expect(await rose.list()).toMatchObject({
    status: 'error',
    message: expect.stringMatching(/another live session is using it\. Close the other session/),
  })
  expect(await rose.register(rig.secret)).toMatchObject({ status: 'error' })
  await moved.client.close()
  expect((await rose.list()).status).toBe('ok')
})

test('moving over at once: a new client that takes the name over has it', async () => {
  const rig = await startRig()
  const rose = await rig.old('rose')
  const moved = await startClient({ BELLHOP_HOME: rig.home })
  await moved.client.register({ name: 'rose', takeOver: true })
  expect(await rose.list()).toMatchObject({ message: expect.stringContaining('another live session') })
})

test('a name of somebody else is refused', async () => {
  const rig = await startRig()
  await rig.fresh('fred')
  const thief = new OldClient(rig.bridge.port, 'fred')
  expect(await thief.register(rig.secret)).toMatchObject({
    status: 'error',
    message: expect.stringMatching(/belongs to somebody else\. Choose another name/),
  })
})

test('a name that was given up elsewhere can be had again', async () => {
  const rig = await startRig()
  const rose = await rig.old('rose')
  const moved = await startClient({ BELLHOP_HOME: rig.home })
  await moved.client.register({ name: 'rose', takeOver: true })
  await moved.client.release()
  // Nobody has it, so whoever asks with the secret may; the session of before is still good for that.
  expect(await rose.list()).toMatchObject({ status: 'ok' })
})

test('a registration whose answer was lost holds no name', async () => {
  const rig = await startRig()
  const answered = rig.nextAnswer()
  const socket = await askWithoutReading(rig.bridge.port, {
    action: 'register',
    instance_id: 'rose',
    auth_token: authToken('rose', rig.secret),
  })
  await answered
  await setImmediate()
  await kill(socket)
  const rose = new OldClient(rig.bridge.port, 'rose')
  await expect.poll(async () => (await rose.register(rig.secret)).status).toBe('ok')
})

test('the secret is asked for, wrong ones wait, and the refusal says where the right one is', async () => {
  const rig = await startRig()
  const rose = new OldClient(rig.bridge.port, 'rose')
  // A request that arrives has two timers; one whose answer is held back has one.
  const waiting = async (count: number): Promise<void> => {
    await expect.poll(() => rig.clock.waiting, { timeout: 10_000 }).toBe(count)
  }
  for (const secret of [undefined, 'a guess', `${rig.secret}x`, '']) {
    await waiting(0)
    const answer = rose.register(secret)
    await waiting(1)
    rig.clock.advance(bridgeLimits.wrongSecretMs)
    expect(await answer).toEqual({
      status: 'error',
      message: `${
        secret === undefined
          ? 'This hub asks for its secret.'
          : 'Invalid auth token: it was not made with the secret of this hub.'
      } Set IPC_SHARED_SECRET for this program to the content of ${rig.home}/secret, then register again.`,
    })
  }
  expect(await rose.register(rig.secret)).toMatchObject({ status: 'ok' })
})

test('[S-2] while the grace of a former secret lasts, an old client that has it gets in', async () => {
  const rig = await startRig()
  const admin = openAdmin(readSettings({ BELLHOP_HOME: rig.home }))
  await admin.rotateSecret({ graceSeconds: 3_600 })
  expect(await new OldClient(rig.bridge.port, 'rose').register(rig.secret)).toMatchObject({ status: 'ok' })
  expect(await new OldClient(rig.bridge.port, 'barney').register(secretOf(rig.home))).toMatchObject({ status: 'ok' })
  await admin.endFormerSecrets()
  const refused = new OldClient(rig.bridge.port, 'claude').register(rig.secret)
  // One timer for each of the two that are present, and that of the answer that is held back.
  await expect.poll(() => rig.clock.waiting, { timeout: 10_000 }).toBe(3)
  rig.clock.advance(bridgeLimits.wrongSecretMs)
  expect((await refused).message).toContain('it was not made with the secret of this hub')
})

test('the secret that was set for the hub, as IPC_SHARED_SECRET for the older project, is the one in force', async () => {
  const rig = await startRig({ secret: 'one for all of us' })
  expect(await new OldClient(rig.bridge.port, 'rose').register('one for all of us')).toMatchObject({ status: 'ok' })
})

test('an open hub asks nobody', async () => {
  const rig = await startRig({ open: true })
  const rose = new OldClient(rig.bridge.port, 'rose')
  expect(await rose.register(undefined)).toMatchObject({ message: 'Registered rose' })
  expect(await new OldClient(rig.bridge.port, 'barney').register('whatever')).toMatchObject({ status: 'ok' })
})

test('more names than the hub registers in a minute come back after a restart at once', async () => {
  const home = temporaryFolder()
  const clock = new FakeClock()
  const first = await startRig({}, { home, clock })
  const clients = await Promise.all(Array.from({ length: 24 }, (_, index) => first.old(`agent-${index}`)))
  await first.bridge.close()
  await first.hub.close()
  const { bridge } = await startRig({ registrationsPerMinute: 10 }, { home, clock })
  const answers = await Promise.all(clients.map(({ name, token }) => new OldClient(bridge.port, name, token).list()))
  expect(answers.map(({ status }) => status)).toEqual(clients.map(() => 'ok'))
})

test('while the hub is away, the answer says what is certain; when it is back, everything goes on', async () => {
  const home = temporaryFolder()
  const rig = await startRig({}, { home })
  const rose = await rig.old('rose')
  await rig.hub.close()
  const lost = rose.send('barney', 'into the void')
  expect(await lost).toEqual({
    status: 'error',
    message: expect.stringMatching(/was not sent; no hub has seen it\. .* Nothing was stored\./),
  })
  await startTestHub({ home })
  await expect.poll(async () => (await rose.send('barney', 'hello')).status, { timeout: 20_000 }).toBe('ok')
  const barney = new OldClient(rig.bridge.port, 'barney')
  await barney.register(rig.secret)
  expect((await barney.check()).map(({ message }) => message.content)).toEqual(['hello'])
})

/** A hub that the bridge reaches over a toll only. */
async function startBehindToll() {
  const home = temporaryFolder()
  const hub = await startTestHub({ home, unixSocket: false })
  const toll = await startToll(hub.url)
  writeFileSync(join(home, 'hub.json'), JSON.stringify({ url: toll.url }))
  const bridge = await startTestBridge({ home })
  const rose = new OldClient(bridge.port, 'rose')
  await rose.register(secretOf(home))
  return { home, hub, toll, rose }
}

test('a send that the hub does not answer in time is answered in time: it may have been stored', async () => {
  const { toll, rose } = await startBehindToll()
  const { taken } = toll.withhold('send')
  const startedAt = performance.now()
  const answer = rose.send('barney', 'hello?')
  await taken
  expect(await answer).toEqual({
    status: 'error',
    message: expect.stringMatching(
      /has not confirmed it: it may be stored, or not\. .* Ask the recipient whether it came/,
    ),
  })
  // Old clients hang up after 5 s.
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('a send whose connection to the hub breaks is repeated, stored once and answered once', async () => {
  const { home, hub, toll, rose } = await startBehindToll()
  const { taken, release } = toll.withhold('send')
  const answer = rose.send('barney', 'once')
  await taken
  release()
  const port = Number(new URL(hub.url).port)
  await hub.close()
  await startTestHub({ home, port, unixSocket: false })
  writeFileSync(join(home, 'hub.json'), JSON.stringify({ url: toll.url }))
  expect(await answer).toEqual({ status: 'ok', message: 'Message queued for barney (not yet registered)' })
  const barney = new OldClient(rose.port, 'barney')
  expect(await barney.register(secretOf(home))).toMatchObject({ message: 'Registered barney with 1 queued messages' })
  expect(await barney.check()).toHaveLength(1)
})

test('when the hub answers nothing at all, every request is still answered before an old client gives up', async () => {
  const { home, toll, rose } = await startBehindToll()
  const { taken } = toll.withhold('status')
  const late = new OldClient(rose.port, 'barney')
  const startedAt = performance.now()
  const answer = late.register(secretOf(home))
  await taken
  expect(await answer).toMatchObject({ status: 'error', message: expect.stringContaining('status') })
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('a port that is taken is refused with what to do', async () => {
  const rig = await startRig()
  const second = startBridge({ port: rig.bridge.port, home: rig.home, environment: {} })
  await expect(second).rejects.toBeInstanceOf(BridgeError)
  await expect(second).rejects.toThrow(/a broker of claude-ipc-mcp is still running/)
})

test('a bridge that closes answers what it has begun, and lets go of names and port', async () => {
  const rig = await startRig()
  const [fred, rose] = [await rig.fresh('fred'), await rig.old('rose')]
  const answered = rig.nextAnswer()
  const last = rose.send('fred', 'a last word')
  await answered
  await rig.bridge.close()
  expect(await last).toMatchObject({ status: 'ok' })
  await fred.untilMessages(1)
  expect((await fred.client.send({ to: 'rose', content: 'hm?' })).outlook.kind).toBe('away')
  const next = await startBridge({ port: rig.bridge.port, home: rig.home, environment: {} })
  expect(next.port).toBe(rig.bridge.port)
  await next.close()
})
