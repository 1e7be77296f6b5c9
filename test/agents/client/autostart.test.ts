import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { Client, ClientOptions } from '../../../agents/client/index.ts'
import { systemClock } from '../../../agents/client/clock.ts'
import { longestLookMs } from '../../../agents/client/node/autostart.ts'
import { reached, retry, startClient, temporaryHome } from './harness.ts'

/** A port that nobody serves: until its socket is there, the hub is looked for here. */
const BELLHOP_PORT = '1'
const program = fileURLToPath(new URL('fake-hub-program.ts', import.meta.url))

/** Clients on the default local address of an empty home; the hubs that they start end with the test. */
function startClients(count: number, options: Partial<ClientOptions> = {}): { home: string; clients: Client[] } {
  const home = temporaryHome()
  onTestFinished(() => kill(home))
  const autostart = [process.execPath, program] as const
  const environment = { ...process.env, BELLHOP_PORT }
  const clients = Array.from(
    { length: count },
    () => startClient({ home, autostart, environment, clock: systemClock, random: Math.random, ...options }).client,
  )
  return { home, clients }
}

/** Ends the hub of a home as a crash would. */
function kill(home: string): void {
  const pid = read(home, 'lock')
  rmSync(join(home, 'lock'), { force: true })
  if (pid !== '') process.kill(Number(pid), 'SIGKILL')
}

function read(home: string, file: string): string {
  return statSync(join(home, file), { throwIfNoEntry: false }) ? readFileSync(join(home, file), 'utf8') : ''
}

test('the first client starts a hub, detached, with a log of its own', async () => {
  const { home, clients } = startClients(1)
  await clients[0]?.register({ name: 'rose' })
  expect(statSync(join(home, 'hub.log')).mode & 0o777).toBe(0o600)
  expect(read(home, 'hub.log')).toBe('')
})

test('many at once end with one hub, and few of them start a process', async () => {
  const { home, clients } = startClients(20)
  await Promise.all(clients.map((client) => client.ready()))
  const starts = read(home, 'starts').trim().split('\n')
  expect(starts).toContain(read(home, 'lock'))
  expect(starts.length).toBeLessThanOrEqual(3)
})

test('a hub that dies time and again is looked for within a second each time [§9]', async () => {
  const { home, clients } = startClients(1)
  const client = clients[0]!
  await client.register({ name: 'rose' })
  for (let death = 0; death < 8; death += 1) {
    const lost = reached(client, 'waiting')
    kill(home)
    const { at } = await lost
    expect(at - Date.now()).toBeLessThanOrEqual(1_000)
    await reached(client, 'registered')
  }
})

test('when the hub is killed there is a new one, and every client is back within 2 s [§9]', async () => {
  const { home, clients } = startClients(3)
  await Promise.all(clients.map((client, index) => client.register({ name: `rose-${index}` })))
  const former = read(home, 'lock')
  kill(home)
  const begin = performance.now()
  await Promise.all(clients.map((client) => reached(client, 'waiting')))
  await Promise.all(clients.map((client) => reached(client, 'registered')))
  expect(performance.now() - begin).toBeLessThan(2_000)
  expect(read(home, 'lock')).not.toBe(former)
})

test('the mark of a process that died while it started a hub does not block the next', async () => {
  const home = temporaryHome()
  onTestFinished(() => kill(home))
  writeFileSync(join(home, 'hub.starting'), '')
  const { client } = startClient({
    home,
    autostart: [process.execPath, program],
    environment: { ...process.env, BELLHOP_PORT },
    clock: systemClock,
  })
  await client.ready()
  expect(read(home, 'lock')).not.toBe('')
})

test('a hub that ends at once leaves its words in the log, and ordinary waiting begins', async () => {
  const complaint = 'console.error("the database is newer"); process.exit(1)'
  const { home, clients } = startClients(1, { autostart: [process.execPath, '--eval', complaint], random: () => 0.9 })
  const [client] = clients as [Client]
  const begin = performance.now()
  await new Promise<void>((resolve) => {
    client.on('state', (state) => {
      if (state.kind === 'waiting' && state.at - Date.now() > longestLookMs) resolve()
    })
  })
  expect(read(home, 'hub.log')).toContain('the database is newer')
  // Its end was noticed: a hub that only says nothing is given ten seconds.
  expect(performance.now() - begin).toBeLessThan(5_000)
})

test('a program that cannot be run is no reason to fall over', async () => {
  const { client, clock } = startClient({
    home: temporaryHome(),
    autostart: ['/nonexistent/program'],
    environment: { BELLHOP_PORT },
    random: () => 0.9,
  })
  let wait = 0
  while (wait <= longestLookMs) {
    wait = (await reached(client, 'waiting')).at - clock.now()
    await retry(client, clock)
  }
  expect((await reached(client, 'waiting')).cause.reason).toBe('hub_unreachable')
})

test.each([
  ['an address was given', { address: 'ws://127.0.0.1:1' }],
  ['it was switched off', { autostart: false }],
] as const)('no hub is started where %s', async (_, options) => {
  const home = temporaryHome()
  const { client, clock } = startClient({
    home,
    autostart: [process.execPath, program],
    environment: { BELLHOP_PORT },
    ...options,
  })
  for (let attempt = 0; attempt < 5; attempt += 1) await retry(client, clock)
  await reached(client, 'waiting')
  expect(readdirSync(home)).toEqual([])
})
