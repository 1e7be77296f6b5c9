import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, normalize } from 'node:path'
import { Command, CommanderError } from 'commander'
import process from 'node:process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { assistantIds, type AssistantId } from '../../agents/assistants/index.ts'
import { reach } from '../../agents/assistants/reach.ts'
import { commands } from '../../agents/cli/program.ts'
import { recipes } from '../../agents/install/index.ts'
import { flags } from '../../hub/settings.ts'
import { User } from '../agents/cli/user.ts'
import { isAlive } from '../support/processes.ts'
import { callsIn, type Call } from './command-lines.ts'
import { readPage, readPages, root, type Page, type Step } from './markdown.ts'

const pages = readPages()
const byPath = new Map(pages.map((page) => [page.path, page]))

/** What a guide of an assistant is called. */
const guideOf = (id: AssistantId): string => `agents/guides/${id === 'gemini' ? 'gemini-cli' : id}.md`

test.each(assistantIds)('the guide of %s says which ways are proven, and that others are not', (id) => {
  const text = readFileSync(join(root, guideOf(id)), 'utf8')
  const standings = Object.values(reach[id])
  const proofs = standings.flatMap((standing) => (standing.kind === 'proven' ? [`${standing.test}.test.ts`] : []))
  const mentioned = [...text.matchAll(/test\/assistants\/([\w-]+\.test\.ts)/g)].map(([, file]) => file)
  expect(mentioned).toEqual(expect.arrayContaining(proofs))
  expect(text.includes('documented, not proven here')).toBe(standings.some(({ kind }) => kind === 'documented'))
})

describe('links', () => {
  test.each(pages.map(({ path, links }) => [path, links] as const))('of %s lead somewhere', (path, links) => {
    expect(
      links.flatMap(({ line, target }) => problemWith(path, target).map((problem) => `${line}: ${problem}`)),
    ).toEqual([])
  })

  test('that lead nowhere are noticed', () => {
    expect(problemWith('README.md', 'agents/README.md#agents-what-talks-to-a-hub')).toEqual([])
    expect(problemWith('README.md', 'agents/README.md#nothing')).toHaveLength(1)
    expect(problemWith('agents/README.md', '../nothing.md')).toHaveLength(1)
    expect(problemWith('README.md', '#nothing')).toHaveLength(1)
  })
})

function problemWith(from: string, target: string): string[] {
  if (/^[a-z]+:/.test(target)) return []
  const [file = '', anchor] = target.split('#')
  const path = file === '' ? from : normalize(join(dirname(from), decodeURIComponent(file)))
  if (!existsSync(join(root, path))) return [`${target} is not there`]
  if (anchor === undefined || statSync(join(root, path)).isDirectory()) return []
  const page = byPath.get(path)
  return page && !page.anchors.has(anchor) ? [`${path} has no heading #${anchor}`] : []
}

describe('commands', () => {
  const documented = pages.filter(({ blocks, spans }) => blocks.length > 0 || spans.length > 0)

  test.each(documented.map((page) => [page.path, page] as const))(
    'that %s names exist, with their options',
    (_, page) => {
      const wrong = [...callsOf(page)].flatMap(({ line, call }) =>
        problemsOf(call).map((problem) => `${line}: ${problem}`),
      )
      expect(wrong).toEqual([])
    },
  )

  test('that do not exist are noticed', () => {
    const problems = (line: string) => callsIn(line).flatMap(problemsOf)
    expect(problems('git log -3 | npx bellhop send claude - && bellhop check --as "anna b"')).toEqual([])
    expect(problems('bellhop sned claude hello')).toHaveLength(1)
    expect(problems('echo "$(bellhop ask claude --second 3 hello)"')).toHaveLength(1)
    expect(problems('BELLHOP_HOME=/tmp/x bellhop hub --brigde 9876')).toHaveLength(1)
    expect(problems('if ! bellhop install; then exit 1; fi')).toHaveLength(1)
    expect(problems("docker logs bellhop # bellhop nothing\ncat 'bellhop nothing'")).toEqual([])
  })
})

function* callsOf({ blocks, spans, steps }: Page): Generator<{ line: number; call: Call }> {
  for (const { language, line, lines } of blocks) {
    if (!['sh', 'shell', 'bash'].includes(language)) continue
    for (const [index, text] of lines.entries())
      for (const call of callsIn(text))
        yield { line: line + 1 + index, call: call.at(-1) === '\\' ? call.slice(0, -1) : call }
  }
  for (const step of steps)
    if (step.kind === 'run')
      for (const text of step.commands) for (const call of callsIn(text)) yield { line: step.line, call }
  // In the text, where arguments may be left out: its name alone.
  for (const { line, text } of spans)
    for (const [name = '--help'] of callsIn(text)) if (/^[a-z-]+$/.test(name)) yield { line, call: [name, '--help'] }
}

/** What is wrong with a call: what commander says of it. */
function problemsOf([name = '--help', ...words]: Call): string[] {
  // What assistants call, and no person.
  if (name === 'hook') return []
  if (/^(--help|-h|--version|-V|help)$/.test(name)) return []
  const module = commands.find((module) => module.name === name)
  if (!module) return [`there is no command "${name}"`]
  if (name === 'hub') {
    const known = new Set(['--help', '--version', ...flags().map(({ flag }) => `--${flag}`)])
    const wrong = words.filter((word) => word.startsWith('--') && !known.has(word.split('=')[0]!))
    return wrong.map((word) => `bellhop hub has no option ${word}`)
  }
  const command = new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  module.define(command, {} as never, () => undefined)
  command.action(() => undefined)
  try {
    command.parse([...words], { from: 'user' })
    return []
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? [] : [`bellhop ${name}: ${error.message}`]
  }
}

describe('what is marked to be run', () => {
  const marked = pages.filter(({ steps }) => steps.some(({ kind }) => kind === 'run'))

  test.each(marked.map(({ path, steps }) => [path, steps] as const))(
    'in %s ends as it should, and prints what it is said to print',
    async (_, steps) => {
      const user = newcomer()
      let printed = ''
      for (const step of steps) {
        if (step.kind === 'run') printed = await carryOut(step, user)
        else if (step.kind === 'file') writeFileSync(join(user.cwd, step.name), step.content)
        else
          expect(printed).toSatisfy(
            (text: string) => step.texts.every((wanted) => fits(text, wanted)),
            step.texts.join('\n'),
          )
      }
    },
    120_000,
  )

  test('in the guides are all assistants, and what goes wrong', () => {
    const others = ['scripts', 'typescript', 'troubleshooting', 'moving-from-claude-ipc-mcp']
    const paths = marked.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining([...assistantIds.map(guideOf), ...others.map((name) => `agents/guides/${name}.md`)]),
    )
  })

  test('is told by comments', () => {
    const page = readPage(
      'x.md',
      '<!-- run: code 5 -->\n\n```sh\na \\\n  b\n# no\nc\n```\n\n<!-- run\nd\n-->\n\n<!-- prints -->\n\n```text\nx … z\n```\n',
    )
    expect(page.steps).toEqual([
      { kind: 'run', line: 3, commands: ['a    b', 'c'], code: 5 },
      { kind: 'run', line: 10, commands: ['d'], code: 0 },
      { kind: 'prints', line: 16, texts: ['x … z'] },
    ])
    expect(() => readPage('x.md', '<!-- run -->\n\nno block\n')).toThrow('no block follows')
    expect(() => readPage('x.md', '<!-- run: often -->\n')).toThrow('not understood')
    expect(fits('w\nx y z\n', 'x … z')).toBe(true)
    expect(fits('w\nx y\nz\n', 'x … z')).toBe(false)
  })
})

const programs = Object.values(recipes).flatMap(({ proof }) => proof?.program ?? [])

/** Somebody with nothing but Bellhop, in a checkout or with the package: `npx bellhop` is `bellhop`. */
function newcomer(): User {
  const user = new User()
  const [bin = '', ...folders] = user.env['PATH']!.split(delimiter)
  // What a real assistant says of its servers is for the tests of installing, and takes its time.
  const without = folders.filter((folder) => !programs.some((program) => existsSync(join(folder, program))))
  Object.assign(user.env, { PATH: [bin, ...without].join(delimiter) })
  // There is no terminal to ask at: the person has said yes.
  const npx = ['#!/bin/sh', 'case "$2" in install | uninstall) exec "$@" --yes ;; esac', 'exec "$@"', '']
  writeFileSync(join(bin, 'npx'), npx.join('\n'), { mode: 0o755 })
  // What a page starts and leaves, it names in such a file.
  onTestFinished(() => {
    for (const file of globSync('*.pid', { cwd: user.cwd })) {
      const pid = Number(readFileSync(join(user.cwd, file), 'utf8'))
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    }
  })
  const library = join(user.cwd, 'node_modules', 'bellhop')
  mkdirSync(library, { recursive: true })
  writeFileSync(join(library, 'package.json'), '{"type":"module","exports":"./index.js"}\n')
  writeFileSync(join(library, 'index.js'), `export * from ${JSON.stringify(join(root, 'agents/client/index.ts'))}\n`)
  return user
}

/** Returns what it printed, on both outputs. */
async function carryOut({ commands, code, line }: Extract<Step, { kind: 'run' }>, user: User): Promise<string> {
  let printed = ''
  for (const command of commands) {
    const ended = await user.types(command)
    expect({ line, command, ...ended }).toMatchObject({ code })
    printed += ended.output + ended.problem
  }
  return printed
}

/** Whether a text has such a line, or a part of one. */
function fits(text: string, wanted: string): boolean {
  const pattern = wanted
    .trim()
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('.*')
  return new RegExp(pattern).test(text)
}
