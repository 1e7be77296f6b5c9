import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import { assistantIds } from '../agents/assistants/index.ts'
import { canWake, reach, wakers, ways, type Way } from '../agents/assistants/reach.ts'
import { bareEnvironment } from './support/environment.ts'
import { startTestHub } from './support/hub.ts'
import { temporaryFolder } from './support/teardown.ts'
import { enter, say } from './support/wire.ts'

/** The repository. */
const root = join(import.meta.dirname, '..')
const product = ['hub', 'agents', 'protocol']
/** The longest that a file of the product may be. */
const maxLines = 300

/** How the tests that prove a way name it; those of tool results and wait are a suite of their own. */
const proofTitles: Readonly<Record<Way, RegExp>> = {
  tool_result: /\btestToolRoutes\(/,
  wait: /\btestToolRoutes\(/,
  hook_session_start: /\bsession start\b/,
  hook_prompt: /puts waiting mail beside the prompt/,
  hook_tool_end: /puts mail that comes during work behind the result of/,
  hook_end_of_turn: /goes on with a turn at whose end mail is unread/,
  wake: /wakes an idle \w+.*, three times in a row/,
  channel: /\bchannel\b/,
}

function filesOf(...folders: string[]): { path: string; source: string }[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((path) => !path.includes('node_modules'))
    .toSorted()
    .map((path) => ({ path, source: readFileSync(join(root, path), 'utf8') }))
}

/** What a file imports or re-exports, statically or not; relative names as paths from the repository. */
function importsOf({ path, source }: { path: string; source: string }): string[] {
  return [...source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) =>
    name.startsWith('.') ? normalize(join(dirname(path), name)) : name,
  )
}

function importersOf(wanted: RegExp, ...folders: string[]): string[] {
  return filesOf(...folders)
    .filter((file) => importsOf(file).some((name) => wanted.test(name)))
    .map(({ path }) => path)
}

/** A file and everything that it imports, directly or not: files of the product, and names of packages. */
function closureOf(entry: string): string[] {
  const files = new Map(filesOf(...product).map((file) => [file.path, file]))
  const reached = new Set([entry])
  for (const name of reached) {
    const file = files.get(name)
    for (const imported of file ? importsOf(file) : []) reached.add(imported)
  }
  return [...reached].toSorted()
}

const specification = readFileSync(join(root, 'protocol/PROTOCOL.md'), 'utf8')

describe('what imports what', () => {
  test('one file of the hub and one of the client library know `ws`', () => {
    expect(importersOf(/^ws$/, 'hub')).toEqual(['hub/net/websocket.ts'])
    expect(importersOf(/^ws$/, 'agents', 'protocol')).toEqual(['agents/client/node/dial.ts'])
  })

  test('MCP is known in agents/mcp only', () => {
    const importers = importersOf(/^@modelcontextprotocol\//, ...product)
    expect(importers).not.toEqual([])
    expect(importers.filter((path) => !path.startsWith('agents/mcp/'))).toEqual([])
  })

  test('the protocol imports zod and its own files', () => {
    const names = filesOf('protocol').flatMap(importsOf)
    expect(names).toContain('zod')
    expect(names.filter((name) => name !== 'zod' && !name.startsWith('protocol/'))).toEqual([])
  })

  test.each(['agents/client/portable.ts', 'agents/browser/page/main.ts'])(
    '%s runs anywhere: nothing that it imports, directly or not, is of Node alone',
    (door) => {
      const reached = closureOf(door)
      const packages = new Set(reached.filter((name) => !name.endsWith('.ts')).map((name) => name.split('/')[0]))
      expect([...packages]).toEqual(['@noble', 'nanoid', 'zod'])
      const files = filesOf(...product).filter(({ path }) => reached.includes(path))
      const ofNode = files.filter(({ source }) => /\b(?:Buffer|process|NodeJS|global|require)\b[.(]/.test(source))
      expect(ofNode.map(({ path }) => path)).toEqual([])
      expect(reached.filter((name) => name.startsWith('agents/client/node/'))).toEqual([])
      // The same search finds what is there.
      expect(reached).toContain('agents/client/connection.ts')
      expect(closureOf('agents/client/index.ts')).toContain('node:net')
    },
  )

  test('hub and agents never import each other, and neither imports tests', () => {
    expect(importersOf(/^(agents|test)\//, 'hub')).toEqual([])
    expect(importersOf(/^(hub|test)\//, 'agents')).toEqual([])
    // The same search finds what is there.
    expect(importersOf(/^protocol\//, 'hub')).toContain('hub/connection.ts')
  })
})

describe('the code', () => {
  test('writes to no console', () => {
    const writers = filesOf(...product).filter(({ source }) => /\bconsole\./.test(source))
    expect(writers.map(({ path }) => path)).toEqual([])
  })

  test(`has no file of more than ${maxLines} lines`, () => {
    const long = filesOf(...product).filter(({ source }) => source.trimEnd().split('\n').length > maxLines)
    expect(long.map(({ path }) => path)).toEqual([])
  })
})

describe('the table of how mail reaches assistants', () => {
  const cells = assistantIds.flatMap((id) =>
    (Object.keys(ways) as Way[]).map((way) => ({ id, way, standing: reach[id][way] })),
  )

  test.each(cells.filter(({ standing }) => standing.kind === 'proven'))(
    '$id, $way: the test that is said to prove it is there',
    ({ way, standing }) => {
      const file = standing.kind === 'proven' ? `test/assistants/${standing.test}.test.ts` : ''
      const source = readFileSync(join(root, file), 'utf8')
      expect(source).toMatch(proofTitles[way])
    },
  )

  test('an assistant that can be woken has a waker, and no other', () => {
    for (const id of assistantIds) expect([id, wakers[id].length > 0]).toEqual([id, canWake(id)])
  })
})

describe('the tests', () => {
  const sources = filesOf('test').filter(({ path }) => path !== 'test/rules.test.ts')
  /** Titles of tests and suites, as far as they are written out. */
  const titles = sources.flatMap(({ source }) =>
    [...source.matchAll(/\b(?:test|it|describe)(?:\.\w+)*(?:\([^()]*\))?\(\s*(['"`])(.*?)\1/gs)].map(
      ([, , title = '']) => title,
    ),
  )

  test.each(Array.from({ length: 11 }, (_, index) => index + 1))('name seed bug %i', (number) => {
    expect(titles.some((title) => new RegExp(`\\bseed bug ${number}\\b`).test(title))).toBe(true)
  })

  const rules = [...specification.matchAll(/^- \*\*\[(P-\d+)\]\*\*/gm)].map(([, rule = '']) => rule)

  test('rules are found in the specification, each with a number of its own', () => {
    expect(rules.length).toBeGreaterThan(20)
    expect(new Set(rules).size).toBe(rules.length)
  })

  test.each(Array.from({ length: 9 }, (_, index) => `S-${index + 1}`))('cite security rule [%s] in a title', (rule) => {
    expect(titles.some((title) => title.includes(`[${rule}]`))).toBe(true)
  })

  test.each(rules)('cite rule [%s]', (rule) => {
    expect(sources.filter(({ source }) => source.includes(`[${rule}]`)).map(({ path }) => path)).not.toEqual([])
  })
})

test('the client in thirty lines of the specification runs as it is, and prints a message', async () => {
  const [, program = ''] = /^```js client\n([^]*?)^```$/m.exec(specification) ?? []
  const file = join(temporaryFolder(), 'client.mjs')
  writeFileSync(file, program)
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  const { id } = await say(rose, 'stranger', 'Hello, thirty lines.')

  const child = spawn(process.execPath, [file, 'stranger', hub.url], {
    env: { ...bareEnvironment, BELLHOP_HOME: hub.home.folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = await Promise.race([lines.next(), exit.then(() => ({ value: 'it ended' }))])
  expect(line.value).toBe('rose: Hello, thirty lines.')
  // It has acknowledged the message as well.
  await rose.frame((frame) => frame.kind === 'notification' && frame.method === 'receipt')
  const { receipts } = await rose.request('receipts', { id })
  expect(receipts[0]?.recipients).toMatchObject([{ name: 'stranger', state: 'shown' }])
})
