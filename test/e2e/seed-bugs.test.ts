import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startClient } from '../support/clients.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hubProcess } from '../support/processes.ts'
import { RawShim } from '../support/raw-shim.ts'
import { checkUntil, resultOf, shownIn, startAssistant, textsIn, type Shown } from '../support/shims.ts'
import { temporaryFolder } from '../support/teardown.ts'

test('seed bug 5: mail stays unread as long as the answer of check is not on the wire', async () => {
  const { env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const deaf = new RawShim(env, { deaf: true })
  deaf.greet()
  const { id } = await rose.client.send({ to: 'claude', content: 'Nobody has read this answer.' })
  // Answers that nobody reads fill the pipe; whatever the shim answers from here on stays in the shim.
  for (let index = 0; index < 100; index += 1) deaf.post('tools/list')
  deaf.postCall('register', { name: 'claude' })
  deaf.postCall('check')
  // The shim has gone through the calls before when a message that it was told to send after them arrives.
  deaf.postCall('send', { to: 'rose', content: 'one' })
  await rose.untilMessages(1)
  deaf.postCall('send', { to: 'rose', content: 'two' })
  await rose.untilMessages(2)

  const { receipts } = await rose.client.request('receipts', { id })
  expect(receipts[0]?.recipients[0]?.state).toBe('queued')
  deaf.child.kill('SIGKILL')
  await deaf.exit
  const next = await startAssistant(env)
  expect(textsIn(await next.call('register', { name: 'claude' }))).toEqual(['Nobody has read this answer.'])
})

test('seed bug 7: two large messages of one second are two whole files on the machine of their reader', async () => {
  const hub = await startHubChild({ ...homeWithHub().env, BELLHOP_SECRET: 'a secret of two machines' })
  const machine = () => {
    const home = temporaryFolder()
    return { home, env: { BELLHOP_HOME: home, BELLHOP_URL: hub.url, BELLHOP_SECRET: 'a secret of two machines' } }
  }
  const [sender, reader] = [machine(), machine()]
  const [rose, claude] = await Promise.all([startAssistant(sender.env, 'rose'), startAssistant(reader.env, 'claude')])

  const files: Shown[] = []
  const bodies: string[] = []
  do {
    const pair = ['first', 'second'].map((word) => `${bodies.length} ${word} `.repeat(2_000))
    await Promise.all(pair.map((content) => rose.call('send', { to: 'claude', content })))
    bodies.push(...pair)
    while (files.length < bodies.length) files.push(...shownIn(await claude.call('wait', { seconds: 10 })))
  } while (secondOf(files.at(-1)!) !== secondOf(files.at(-2)!))

  const paths = files.map(({ path }) => path!)
  expect(new Set(paths).size).toBe(bodies.length)
  for (const path of paths) expect(path.startsWith(join(reader.home, 'mail', 'claude'))).toBe(true)
  const contents = paths.map((path) => readFileSync(path, 'utf8'))
  for (const body of bodies) expect(contents.filter((content) => content.includes(body.trimEnd()))).toHaveLength(1)
  // Nothing of it lies on the machine of the sender.
  expect(readdirSync(sender.home)).not.toContain('mail')
})

function secondOf(shown: Shown): string {
  return (shown as Shown & { sentAt: string }).sentAt.slice(0, 19)
}

/** Exactly so many bytes of UTF-8, with characters of four bytes across the places where the seed cut. */
function bodyOf(size: number): string {
  const bytes = Buffer.alloc(size, 'x')
  for (const limit of [4_096, 10_240, 65_536]) {
    const wide = Buffer.from('😀'.repeat(8))
    const start = limit - 14
    if (start + wide.length <= size) wide.copy(bytes, start)
  }
  return bytes.toString()
}

const sizes = [
  4_095, 4_096, 4_097, 4_120, 10_240, 10_241, 10_260, 65_535, 65_536, 65_537, 65_560, 131_072, 262_144, 300_000,
]

test('seed bug 8: bodies of 4,095 to 300,000 bytes arrive whole', async () => {
  const { env } = homeWithHub()
  const [rose, claude] = await Promise.all([startAssistant(env, 'rose'), startAssistant(env, 'claude')])
  for (const size of sizes) {
    const body = bodyOf(size)
    expect(Buffer.byteLength(body)).toBe(size)
    const sent = resultOf(await rose.call('send', { to: 'claude', content: body }))
    const answer = await claude.call('wait', { seconds: 20 })
    const [shown] = shownIn(answer)
    expect(shown).toMatchObject({ id: sent.id })
    if (shown?.path === undefined) {
      expect(textsIn(answer)[0] === body, `${size} bytes inline`).toBe(true)
    } else {
      expect(shown.bytes).toBe(size)
      const written = readFileSync(shown.path, 'utf8')
      expect(written.endsWith(`\n---\n\n${body}\n`), `${size} bytes in a file`).toBe(true)
    }
  }
})

test('seed bug 8: 200 waiting messages come in one answer, and a shim shows all of them in order', async () => {
  const { env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const bodies = Array.from({ length: 200 }, (_, index) => `${index}: ${'é'.repeat(200)}`)
  await Promise.all(bodies.map((content) => rose.client.send({ to: 'claude', content })))

  const claude = await startAssistant(env)
  const first = await claude.call('register', { name: 'claude' })
  expect(resultOf(first)).toMatchObject({ waiting: 200 })
  const shown = textsIn(first)
  expect(shown.length).toBeGreaterThan(0)
  expect([...shown, ...(await checkUntil(claude, 200 - shown.length))]).toEqual(bodies)
  expect(shownIn(await claude.call('check'))).toEqual([])

  await Promise.all(bodies.map((content) => rose.client.send({ to: 'fred', content })))
  const fred = await startClient(env, 'fred')
  const { messages, more } = await fred.client.request('fetch', { limit: 200 })
  expect(more).toBe(false)
  expect(messages.map(({ content }) => content)).toEqual(bodies)
})

test('seed bug 11: auto-check is a setting of one agent, and survives its shim and the hub', async () => {
  const { home, env } = homeWithHub()
  const [rose, claude] = await Promise.all([startAssistant(env, 'rose'), startAssistant(env, 'claude')])
  const settingOf = async (assistant: typeof rose): Promise<object> => {
    const { enabled, minutes } = resultOf(await assistant.call('auto_check', { action: 'status' }))
    return { enabled, minutes }
  }
  const before = await settingOf(claude)
  expect(before).not.toEqual({ enabled: true, minutes: 5 })
  await rose.call('auto_check', { action: 'start', minutes: 5 })
  expect(await settingOf(rose)).toEqual({ enabled: true, minutes: 5 })
  expect(await settingOf(claude)).toEqual(before)

  await rose.stop()
  const pid = hubProcess(home)!
  process.kill(pid, 'SIGKILL')
  const again = await startAssistant(env, 'rose')
  expect(hubProcess(home)).not.toBe(pid)
  expect(await settingOf(again)).toEqual({ enabled: true, minutes: 5 })
  // It asks the hub, so it has come back to it.
  await claude.call('check')
  expect(await settingOf(claude)).toEqual(before)
})
