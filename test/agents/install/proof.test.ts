import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import type { AssistantId } from '../../../agents/assistants/index.ts'
import { prove, recipes, runProgram, type RunProgram } from '../../../agents/install/index.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { Rig } from './rig.ts'

const says =
  (output: string): RunProgram =>
  () =>
    Promise.resolve({ kind: 'ended', output })

function proveBy(run: RunProgram, assistant: AssistantId = 'codex', rig = new Rig()) {
  return prove(recipes[assistant].proof!, run, rig.machine)
}

describe.each<[AssistantId, string, string]>([
  ['claude-code', 'CLAUDE_CONFIG_DIR', '.claude.json'],
  ['codex', 'CODEX_HOME', 'config.toml'],
  ['gemini', 'GEMINI_CLI_HOME', '.gemini/settings.json'],
  ['opencode', 'XDG_CONFIG_HOME', 'opencode/opencode.json'],
])('the proof of %s', (assistant, variable, name) => {
  test('is run on a copy, which may be rewritten and is gone afterwards', async () => {
    const rig = new Rig()
    await rig.bellhop(`install ${assistant} --yes --no-verify`)
    const file = rig.pathOf(assistant, 'registration')
    const [text, before] = [readFileSync(file, 'utf8'), rig.files()]
    let folder = ''
    const run: RunProgram = (_program, _args, options) => {
      folder = options?.env?.[variable] ?? ''
      expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
      writeFileSync(join(folder, name), 'rewritten')
      writeFileSync(join(folder, 'cache'), 'left behind')
      return Promise.resolve({ kind: 'ended', output: 'bellhop: connected' })
    }
    expect(await proveBy(run, assistant, rig)).toMatchObject({ isGood: true })
    expect(folder).not.toBe('')
    expect(existsSync(folder)).toBe(false)
    expect(rig.files()).toEqual(before)
  })
})

test('the files of an older Claude Code, and of an opencode with comments, keep their names', async () => {
  const rig = new Rig()
  const old = join(rig.machine.userFolder, '.claude', '.config.json')
  const commented = join(rig.machine.userFolder, '.config', 'opencode', 'opencode.jsonc')
  rig.put(old, 'old')
  rig.put(commented, 'commented')
  const copies: string[] = []
  const run: RunProgram = (_program, _args, options) => {
    const { CLAUDE_CONFIG_DIR, XDG_CONFIG_HOME } = options?.env ?? {}
    if (CLAUDE_CONFIG_DIR) copies.push(readFileSync(join(CLAUDE_CONFIG_DIR, '.config.json'), 'utf8'))
    if (XDG_CONFIG_HOME) copies.push(readFileSync(join(XDG_CONFIG_HOME, 'opencode', 'opencode.jsonc'), 'utf8'))
    return Promise.resolve({ kind: 'absent' })
  }
  await proveBy(run, 'claude-code', rig)
  await proveBy(run, 'opencode', rig)
  expect(copies).toEqual(['old', 'commented'])
})

test('Gemini CLI is told to trust the folder of the copy, and nothing else: it runs there', async () => {
  const seen: unknown[] = []
  const run: RunProgram = (_program, _args, { env, cwd } = {}) => {
    seen.push(env?.['GEMINI_CLI_TRUST_WORKSPACE'], cwd !== undefined && cwd === env?.['GEMINI_CLI_HOME'])
    return Promise.resolve({ kind: 'absent' })
  }
  await proveBy(run, 'gemini')
  expect(seen).toEqual(['true', true])
})

test('a program that cannot be run is a warning, and leaves no copy', async () => {
  let folder = ''
  const run: RunProgram = (_program, _args, options) => {
    folder = options!.env!['CODEX_HOME']!
    return Promise.reject(new Error('no more processes'))
  }
  const { isGood, text } = await proveBy(run)
  expect(isGood).toBe(false)
  expect(text).toBe(
    'Warning: codex mcp list was not tried on a copy: no more processes. Run it by hand and look for bellhop.',
  )
  expect(folder).not.toBe('')
  expect(existsSync(folder)).toBe(false)
})

test.each(['bellhop  node main.ts  disabled', '○ bellhop: node main.ts - Disabled'])(
  'a server that is switched off is no proof: %s',
  async (line) => {
    const { isGood, text } = await proveBy(says(`Servers\n${line}\n`))
    expect(isGood).toBe(false)
    expect(text).toMatch(/^Warning: codex mcp list says: .*disabled$/i)
  },
)

test('of a long line, both ends are repeated', async () => {
  const line = `bellhop  node  main.ts  ${'BELLHOP_SOMETHING=*****, '.repeat(40)}  -   enabled  Unsupported`
  const { isGood, text } = await proveBy(says(`Name  Command\n${line}\n`))
  expect(isGood).toBe(true)
  expect(text).toMatch(/^Proven: codex mcp list says: bellhop node main\.ts .* … .* - enabled Unsupported$/)
  expect(text.length).toBeLessThan(140)
})

test('a program gets the variables beside those that are there, and its folder', async () => {
  const folder = temporaryFolder()
  const code = 'console.log(process.env.OF_THE_PROOF, process.env.PATH === process.argv[1], process.cwd())'
  const ran = await runProgram(process.execPath, ['-e', code, process.env['PATH'] ?? ''], {
    env: { OF_THE_PROOF: 'yes' },
    cwd: folder,
  })
  expect(ran).toMatchObject({ kind: 'ended', output: expect.stringContaining('yes true ') as string })
  expect(ran).toMatchObject({ output: expect.stringContaining(folder) as string })
})
