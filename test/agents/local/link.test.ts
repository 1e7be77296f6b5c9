import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readLines, writeLine } from '../../../agents/local/lines.ts'
import { connectToShim, findShims } from '../../../agents/local/link.ts'
import { meetingFolder, shimPath } from '../../../agents/local/places.ts'
import { lineBytes, wireVersion, type Question } from '../../../agents/local/wire.ts'
import { Conversation } from '../../../agents/mcp/conversation.ts'
import { temporaryFolder } from '../../support/teardown.ts'

const { signal } = new AbortController()

/** A shim's socket without a shim: it judges who asks as one does, and answers `show` with its own name. */
async function fakeShim(
  home: string,
  parent: number,
  name: string | undefined,
  { client = 'codex-mcp-client', cwd = '/' } = {},
) {
  const conversation = new Conversation(
    () => client,
    () => undefined,
  )
  const pid = 1_000 + Math.floor(Math.random() * 1_000_000)
  const asked: Question[] = []
  mkdirSync(meetingFolder(home), { recursive: true })
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    readLines(socket, (value) => {
      const question = value as Question
      asked.push(question)
      const judgement = conversation.judge(question)
      if (judgement !== 'own') return writeLine(socket, { kind: judgement })
      if (question.ask === 'about') {
        const shim = { pid, parent, client, name, cwd, routes: [], unread: 0 }
        return writeLine(socket, { kind: 'about', shim })
      }
      writeLine(socket, { kind: 'mail', text: `mail of ${name ?? 'nobody'}` })
    })
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(shimPath(home, parent, pid), resolve))
  return { conversation, asked }
}

async function mailFor(search: Partial<Parameters<typeof connectToShim>[0]> & { home: string }) {
  const link = await connectToShim({ ancestors: [10, 20, 30], assistant: 'codex', signal, ...search })
  const offer = await link?.show({ moment: 'prompt', budget: 1_000 })
  offer?.failed()
  return offer?.text
}

test('the shim of the nearest ancestor answers, and no other', async () => {
  const home = temporaryFolder()
  await fakeShim(home, 30, 'far')
  await fakeShim(home, 20, 'near')
  await fakeShim(home, 99, 'elsewhere')
  expect(await mailFor({ home })).toBe('mail of near')
  expect(await mailFor({ home, ancestors: [30] })).toBe('mail of far')
  expect(await mailFor({ home, ancestors: [31] })).toBeUndefined()
  expect(await mailFor({ home, assistant: 'claude-code' })).toBeUndefined()
})

test('of several conversations in one process, the one that knows this session answers', async () => {
  const home = temporaryFolder()
  const first = await fakeShim(home, 20, 'first')
  const second = await fakeShim(home, 20, 'second')
  first.conversation.learn('thread-1')
  second.conversation.learn('thread-2')
  expect(await mailFor({ home, session: 'thread-1' })).toBe('mail of first')
  expect(await mailFor({ home, session: 'thread-2' })).toBe('mail of second')
  expect(await mailFor({ home, session: 'thread-3' })).toBeUndefined()
})

test('a session that nobody knows is taken by the only shim that knows none, and by none where there is doubt', async () => {
  const home = temporaryFolder()
  const first = await fakeShim(home, 20, 'first')
  first.conversation.learn('thread-1')
  const second = await fakeShim(home, 20, 'second')
  expect(await mailFor({ home, session: 'thread-2' })).toBe('mail of second')
  expect(second.conversation.session).toBe('thread-2')
  // Not by looking: only by the question that says what is going on.
  expect(second.asked.map(({ ask, adopt }) => [ask, adopt])).toEqual([
    ['about', undefined],
    ['show', true],
  ])
  await fakeShim(home, 20, 'third')
  await fakeShim(home, 20, 'fourth')
  expect(await mailFor({ home, session: 'thread-3' })).toBeUndefined()
})

test('of several projects in one process, the shim of this folder answers, and none where there is doubt', async () => {
  const home = temporaryFolder()
  await fakeShim(home, 20, 'one', { cwd: '/one' })
  await fakeShim(home, 20, 'two', { cwd: '/two' })
  expect(await mailFor({ home, cwd: '/two' })).toBe('mail of two')
  expect(await mailFor({ home, cwd: '/three' })).toBeUndefined()
})

test('of two shims of one assistant, the one with a name answers', async () => {
  const home = temporaryFolder()
  await fakeShim(home, 20, undefined)
  await fakeShim(home, 20, 'named')
  expect(await mailFor({ home, cwd: '/elsewhere' })).toBe('mail of named')
})

test('a socket that nobody listens on, and one that says too much, are passed over', async () => {
  const home = temporaryFolder()
  mkdirSync(meetingFolder(home), { recursive: true })
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('x'.repeat(lineBytes + 1))
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(shimPath(home, 20, 5), resolve))
  await fakeShim(home, 20, 'honest')
  expect(await mailFor({ home })).toBe('mail of honest')
  expect(await findShims(home, signal)).toMatchObject([{ name: 'honest' }])
})

test('a home whose path is too long for a socket has its meeting place elsewhere', async () => {
  const home = `${temporaryFolder()}/${'x'.repeat(100)}`
  expect(Buffer.byteLength(shimPath(home, 4_194_304, 4_194_304))).toBeLessThan(104)
  onTestFinished(async () => (await import('node:fs')).rmSync(meetingFolder(home), { recursive: true, force: true }))
  await fakeShim(home, 20, 'far away')
  expect(await mailFor({ home })).toBe('mail of far away')
})

test('every question says which version of this it speaks', async () => {
  const home = temporaryFolder()
  const shim = await fakeShim(home, 20, 'rose')
  await mailFor({ home })
  expect(shim.asked.map(({ v }) => v)).toEqual(shim.asked.map(() => wireVersion))
})
