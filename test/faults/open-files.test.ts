import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { closed } from '../support/closed.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { findProgram, skipWhere, skipWithout } from '../support/skipping.ts'
import { enter, greet, refusal, say } from '../support/wire.ts'

/** Open files that the hub may have. Serving takes some thirty. */
const files = 64

/** A connection that says nothing; resolves when the hub has it, or has refused it. */
async function lurk(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await Promise.race([once(socket, 'connect'), closed(socket)])
  return socket
}

/** Milliseconds of processor that a process has used. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

test('a hub that can open no more files refuses newcomers, serves those it has, and recovers', async (context: TestContext) => {
  if (process.platform !== 'linux') skipWhere('limits of open files are set with a program of Linux', context)
  if (findProgram('prlimit') === undefined) skipWithout('prlimit is not installed', context)
  const { home, env } = homeWithHub()
  const hub = await startHubChild(env, { under: ['prlimit', `--nofile=${files}`] })
  const where = { url: hub.url, home: { folder: home } }
  const port = Number(new URL(hub.url).port)
  const { peer: rose, attached } = await enter(where, 'rose')
  const { peer: claude } = await enter(where, 'claude')
  await say(rose, 'claude', 'before')

  // As many as it takes until it has no file left, and then some that it must turn away.
  const lurkers: Socket[] = []
  while (openFiles(hub.pid) < files - 1) lurkers.push(await lurk(port))
  const late = await Promise.all(Array.from({ length: 200 }, () => lurk(port)))
  // Where the machine is busy, all of them are turned away before this process looks.
  if (!late.some(({ destroyed }) => destroyed)) await Promise.race(late.map(closed))

  const before = processorTime(hub.pid)
  const began = performance.now()
  const acknowledged: string[] = []
  for (let n = 0; n < 50; n += 1) acknowledged.push((await say(rose, 'claude', `during ${n}`)).id)
  expect(await rose.request('status', {})).toBeDefined()
  const large = await refusal(say(rose, 'claude', 'large '.repeat(3_000)))
  expect(large).toMatchObject({
    reason: 'storage_unavailable',
    data: { temporary: true, next: expect.stringContaining('ulimit -n') as string },
  })
  const busy = (processorTime(hub.pid) - before) / (performance.now() - began)

  for (const socket of [...lurkers, ...late]) socket.destroy()
  // When it has let go of one, it has room for one.
  const after = await greet(where)
  await after.request('register', { name: 'newcomer', key: 'k'.repeat(43) })
  expect((await say(rose, 'claude', 'large '.repeat(3_000))).outlook).toMatchObject({ name: 'claude' })
  const upload = await fetch(`${hub.url.replace('ws', 'http')}/blobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attached.session.token}` },
    body: 'a file',
  })
  expect(upload.status).toBe(201)
  const { messages } = await claude.request('fetch', { limit: 100 })
  expect(messages.map(({ id }) => id)).toEqual(expect.arrayContaining(acknowledged))
  expect(messages).toHaveLength(52)
  await hub.end('SIGTERM')
  expect(hub.child.exitCode).toBe(0)
  process.stdout.write(
    `open files: ${files} allowed, ${lurkers.length} idle connections filled them, ${late.length} more were turned away or waited; ` +
      `50 sends went on, processor used ${(busy * 100).toFixed(0)} % of that time\n`,
  )
}, 120_000)
