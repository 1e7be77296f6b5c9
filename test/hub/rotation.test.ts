import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAdmin } from '../../agents/admin/admin.ts'
import { createClient, readSettings } from '../../agents/client/index.ts'
import { adminLimits, closeCodes } from '../../protocol/index.ts'
import { ManualClock, startTestHub, type TestHub } from '../support/hub.ts'
import { startHubChild } from '../support/hub-child.ts'
import { keptLog } from '../support/log.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { ManualTimers } from '../support/timers.ts'
import { enter, refusal, secretOf, WirePeer } from '../support/wire.ts'
import { startClient } from '../support/clients.ts'

const day = 24 * 3_600
const adminOf = (home: string) => openAdmin(readSettings({ BELLHOP_HOME: home }))
const former = (hub: TestHub): string => join(hub.home.folder, 'secret.former')

async function letsIn(hub: Pick<TestHub, 'url'>, secret: string): Promise<boolean> {
  const peer = new WirePeer(hub.url)
  return peer.hello(secret).then(
    () => true,
    () => false,
  )
}

test('[S-2] a new secret is in force at once, the one before lets in until its grace is over, and nobody is disconnected', async () => {
  const hub = await startTestHub()
  const old = secretOf(hub.home.folder)
  const { peer: rose } = await enter(hub, 'rose')
  const { file, formerUntil } = await adminOf(hub.home.folder).rotateSecret({ graceSeconds: day })
  expect(file).toBe(hub.home.secretFile)
  expect(Math.abs(Date.parse(formerUntil ?? '') - Date.now() - day * 1000)).toBeLessThan(600_000)

  const secret = secretOf(hub.home.folder)
  expect(secret).not.toBe(old)
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
  for (const path of [file, former(hub)]) expect(statSync(path).mode & 0o777).toBe(0o600)
  // Each proves itself with the secret that the client has, or hello would not be answered with a fitting proof.
  expect([await letsIn(hub, secret), await letsIn(hub, old)]).toEqual([true, true])
  expect(await letsIn(hub, `${secret}x`)).toBe(false)
  await rose.request('status', {})
})

test('the hub proves itself with the secret that the client has', async () => {
  const hub = await startTestHub()
  const old = secretOf(hub.home.folder)
  await adminOf(hub.home.folder).rotateSecret({ graceSeconds: day })
  for (const secret of [old, secretOf(hub.home.folder)]) {
    const client = createClient({
      client: { name: 'test' },
      address: hub.url,
      home: temporaryFolder(),
      secret: () => secret,
    })
    client.start()
    // A client that knows another secret than the hub proves takes it for a fake.
    await client.ready({ timeoutMs: 20_000 })
    expect(client.state.kind).toBe('ready')
    await client.close()
  }
})

test('[S-2] ended early, the former secret is refused, and who came in with it has to prove itself anew', async () => {
  const hub = await startTestHub()
  const old = secretOf(hub.home.folder)
  const { peer: rose } = await enter(hub, 'rose')
  const admin = adminOf(hub.home.folder)
  await admin.rotateSecret({ graceSeconds: day })
  const { peer: barney } = await enter(hub, 'barney')
  expect(await admin.endFormerSecrets()).toEqual({ ended: 1 })
  expect((await rose.closed).code).toBe(closeCodes.going_away.code)
  await barney.request('status', {})
  expect([await letsIn(hub, secretOf(hub.home.folder)), await letsIn(hub, old)]).toEqual([true, false])
  expect(existsSync(former(hub))).toBe(false)
  expect(await admin.endFormerSecrets()).toEqual({ ended: 0 })
})

test('[S-2] the grace ends by itself, and with no grace at once', async () => {
  const [clock, timers] = [new ManualClock(), new ManualTimers()]
  const hub = await startTestHub({ pingEvery: 10 * day * 1000, sweepEvery: 10 * day * 1000 }, { clock, timers })
  const first = secretOf(hub.home.folder)
  const { peer: rose } = await enter(hub, 'rose')
  const admin = adminOf(hub.home.folder)
  await admin.rotateSecret({ graceSeconds: day })
  const second = secretOf(hub.home.folder)
  await admin.rotateSecret({ graceSeconds: 2 * day })
  expect([await letsIn(hub, first), await letsIn(hub, second)]).toEqual([true, true])

  clock.advance(day * 1000)
  expect([await letsIn(hub, first), await letsIn(hub, second)]).toEqual([false, true])
  timers.advance(day * 1000 + 1_000)
  expect((await rose.closed).code).toBe(closeCodes.going_away.code)
  expect(readFileSync(former(hub), 'utf8')).not.toContain(first)

  const third = secretOf(hub.home.folder)
  const { peer: barney } = await enter(hub, 'barney')
  expect(await admin.rotateSecret({ graceSeconds: 0 })).not.toHaveProperty('formerUntil')
  expect((await barney.closed).code).toBe(closeCodes.going_away.code)
  expect([await letsIn(hub, third), await letsIn(hub, second)]).toEqual([false, false])
})

test('[S-2] no older secret outlasts the grace of the last rotation: with none, all former ones are refused', async () => {
  const [clock, timers] = [new ManualClock(), new ManualTimers()]
  const hub = await startTestHub({ pingEvery: 10 * day * 1000, sweepEvery: 10 * day * 1000 }, { clock, timers })
  const admin = adminOf(hub.home.folder)
  const secrets = [secretOf(hub.home.folder)]
  const rotate = async (graceSeconds: number): Promise<void> => {
    await admin.rotateSecret({ graceSeconds })
    secrets.push(secretOf(hub.home.folder))
  }
  const whoGetsIn = () => Promise.all(secrets.map((secret) => letsIn(hub, secret)))

  await rotate(2 * day)
  await rotate(day)
  expect(await whoGetsIn()).toEqual([true, true, true])
  clock.advance(day * 1000)
  expect(await whoGetsIn()).toEqual([false, false, true])

  const { peer: rose } = await enter(hub, 'rose')
  await rotate(day)
  await rotate(0)
  expect(await whoGetsIn()).toEqual([false, false, false, false, true])
  expect((await rose.closed).code).toBe(closeCodes.going_away.code)
  expect(existsSync(former(hub))).toBe(false)
})

test('a rotation, its end and a second one while clients send: no send is refused, and each arrives', async () => {
  const hub = await startTestHub()
  const { folder } = hub.home
  // Two of this user, who find the new secret; and one that was given the old one, and then the new.
  const [rose, barney] = await Promise.all(
    ['rose', 'barney'].map((name) => startClient({ BELLHOP_HOME: folder }, name)),
  )
  let given = secretOf(folder)
  const remote = createClient({
    client: { name: 'test' },
    address: hub.url,
    home: temporaryFolder(),
    secret: () => given,
  })
  const got: string[] = []
  remote.on('message', ({ id, content }) => {
    got.push(content)
    void remote.ack([id], 'shown', 'fetch')
  })
  remote.start()
  await remote.register({ name: 'remote' })

  const end = new AbortController()
  const sent: string[] = []
  const traffic = Promise.all(
    [rose!, barney!].map(async ({ client }, index) => {
      for (let number = 0; !end.signal.aborted; number += 1) {
        const content = `${index}-${number}`
        await client.send({ to: 'remote', content })
        sent.push(content)
      }
    }),
  )
  const admin = adminOf(folder)
  const some = async (): Promise<void> => {
    const enough = sent.length + 20
    while (sent.length < enough) await new Promise((resolve) => setImmediate(resolve))
  }
  await some()
  await admin.rotateSecret({ graceSeconds: day })
  await some()
  given = secretOf(folder)
  await admin.endFormerSecrets()
  await some()
  await admin.rotateSecret({ graceSeconds: day })
  await some()
  end.abort()
  await traffic
  await new Promise<void>((resolve) => {
    const look = (): void => (new Set(got).size === sent.length ? resolve() : void setImmediate(look))
    look()
  })
  expect([...new Set(got)].toSorted()).toEqual(sent.toSorted())
  await remote.close()
})

test('a hub that is killed after a rotation lets in with both, and after one that was cut off in the middle as well', async () => {
  const home = temporaryFolder()
  const env = { BELLHOP_HOME: home, BELLHOP_PORT: '0' }
  const first = await startHubChild(env)
  const old = secretOf(home)
  await adminOf(home).rotateSecret({ graceSeconds: day })
  await first.end('SIGKILL')
  const secret = secretOf(home)
  const second = await startHubChild(env)
  expect([await letsIn(second, secret), await letsIn(second, old)]).toEqual([true, true])
  await second.end('SIGKILL')
  // The former is written before the new one: killed in between, the two files hold the same.
  writeFileSync(join(home, 'secret.former'), JSON.stringify([{ secret, until: Date.now() + day * 1000 }]))
  const third = await startHubChild(env)
  expect(await letsIn(third, secret)).toBe(true)
  await adminOf(home).rotateSecret({ graceSeconds: day })
  expect([await letsIn(third, secretOf(home)), await letsIn(third, secret)]).toEqual([true, true])
})

test('a damaged file of former secrets is no reason not to start: they are refused, and the log says so', async () => {
  const home = temporaryFolder()
  writeFileSync(join(home, 'secret'), 'the secret of a home')
  writeFileSync(join(home, 'secret.former'), '[{"secret":"half of')
  const { log, line } = keptLog()
  const hub = await startTestHub({ home }, { log })
  await line(/former secrets is damaged/)
  expect(await letsIn(hub, 'the secret of a home')).toBe(true)
})

test('whoever deletes the secret to get a new one gets rid of the former ones too', async () => {
  const home = temporaryFolder()
  const kept = [{ secret: 'an old one', until: Date.now() + day * 1000 }]
  writeFileSync(join(home, 'secret.former'), JSON.stringify(kept))
  const hub = await startTestHub({ home })
  expect(await letsIn(hub, 'an old one')).toBe(false)
  expect(existsSync(former(hub))).toBe(false)
})

test('a secret in a file of the operator is read again, and nothing else may be put in its place', async () => {
  const secretFile = join(temporaryFolder(), 'secret')
  const [old, renewed] = ['the secret of the file, before', 'the secret of the file, after']
  writeFileSync(secretFile, old)
  const hub = await startTestHub({ secretFile })
  const admin = adminOf(hub.home.folder)
  await expect(admin.rotateSecret({ graceSeconds: day })).rejects.toThrow('still holds the secret in force')
  await expect(admin.rotateSecret({ graceSeconds: day, secret: renewed })).rejects.toThrow(
    'has its secret from the file',
  )
  writeFileSync(secretFile, 'short')
  await expect(admin.rotateSecret({ graceSeconds: day })).rejects.toThrow('16 characters or more')
  writeFileSync(secretFile, '')
  await expect(admin.rotateSecret({ graceSeconds: day })).rejects.toThrow('which is empty')
  expect(secretOf(hub.home.folder)).toBe(old)

  writeFileSync(secretFile, `${renewed}\n`)
  await admin.rotateSecret({ graceSeconds: day })
  expect(secretOf(hub.home.folder)).toBe(renewed)
  expect([await letsIn(hub, renewed), await letsIn(hub, old)]).toEqual([true, true])
  await hub.close()
  const again = await startTestHub({ secretFile, home: hub.home.folder })
  expect([await letsIn(again, renewed), await letsIn(again, old)]).toEqual([true, true])
})

test('a secret in the environment changes with a restart, and BELLHOP_SECRET_FORMER lets the one before in', async () => {
  const [old, renewed] = ['the secret of before', 'the secret of after']
  const hub = await startTestHub({ secret: old })
  const refused = adminOf(hub.home.folder).rotateSecret({ graceSeconds: day })
  await expect(refused).rejects.toMatchObject({ next: expect.stringContaining('BELLHOP_SECRET_FORMER') as string })
  await hub.close()
  const again = await startTestHub({ home: hub.home.folder, secret: renewed, formerSecret: old })
  const answer = await adminOf(hub.home.folder).endFormerSecrets()
  expect(answer).toEqual({ ended: 0, formerInEnvironment: true })
  expect([await letsIn(again, renewed), await letsIn(again, old)]).toEqual([true, true])
  await again.close()
  const last = await startTestHub({ home: hub.home.folder, secret: renewed })
  expect([await letsIn(last, renewed), await letsIn(last, old)]).toEqual([true, false])
})

test('one that is given is taken as it is; what is no secret, or the one in force, is refused', async () => {
  const hub = await startTestHub()
  const admin = adminOf(hub.home.folder)
  const given = 'a secret with spaces, and ünïcode'
  await admin.rotateSecret({ graceSeconds: 0, secret: given })
  expect(secretOf(hub.home.folder)).toBe(given)
  expect(await letsIn(hub, given)).toBe(true)
  await expect(admin.rotateSecret({ graceSeconds: 0, secret: given })).rejects.toThrow('the one in force')
  for (const secret of ['short', 'two\nlines, long enough', ' space around it, long ', 'x'.repeat(1_025)]) {
    await expect(admin.rotateSecret({ graceSeconds: 0, secret })).rejects.toThrow(/16 characters or more|does not fit/)
  }
  await expect(admin.rotateSecret({ graceSeconds: adminLimits.graceSeconds + 1 })).rejects.toThrow('graceSeconds')
  expect(secretOf(hub.home.folder)).toBe(given)
  const open = await startTestHub({ open: true })
  await expect(adminOf(open.home.folder).rotateSecret({ graceSeconds: 0 })).rejects.toThrow('This hub is open')
})

test('[S-9] no secret is in the log or in an answer, however it came and went', async () => {
  const { log, lines } = keptLog()
  const hub = await startTestHub({}, { log })
  const admin = adminOf(hub.home.folder)
  const secrets = [secretOf(hub.home.folder)]
  const answers: unknown[] = []
  for (const secret of [undefined, 'one that was given, canary', undefined]) {
    answers.push(await admin.rotateSecret({ graceSeconds: day, ...(secret !== undefined && { secret }) }))
    secrets.push(secretOf(hub.home.folder))
  }
  answers.push(await admin.endFormerSecrets())
  await refusal(new WirePeer(hub.url).hello(secrets[0]!))
  await hub.close()
  expect(lines.filter((line) => line.startsWith('the secret was rotated'))).toHaveLength(3)
  const said = JSON.stringify([lines, answers])
  for (const secret of secrets) expect(said).not.toContain(secret)
})
