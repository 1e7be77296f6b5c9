import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { exitCodes } from '../../../agents/cli/exit-codes.ts'
import { Rig } from '../install/rig.ts'
import { temporaryFolder } from '../../support/teardown.ts'

const main = fileURLToPath(new URL('../../../agents/cli/main.ts', import.meta.url))

describe('help', () => {
  test('of the program: every command, and the exit codes', async () => {
    const answer = await new Rig().bellhop('--help')
    expect(answer).toMatchObject({ code: 0, problem: '' })
    expect(answer.output).toContain('install [options] <assistant>')
    expect(answer.output).toContain('uninstall [options] <assistant>')
    for (const { code, meaning } of Object.values(exitCodes)) expect(answer.output).toContain(`${code}  ${meaning}`)
  })

  test.each(['install', 'uninstall'])('of %s: an example', async (name) => {
    const answer = await new Rig().bellhop(`${name} --help`)
    expect(answer).toMatchObject({ code: 0, problem: '' })
    expect(answer.output).toMatch(new RegExp(`^Examples:\n {2}bellhop ${name} `, 'm'))
  })

  test('exit codes are different ones', () => {
    const codes = Object.values(exitCodes).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
  })
})

test.each(['install', 'install emacs', 'install codex --hook', 'instal codex', 'install codex more'])(
  'wrong use: bellhop %s',
  async (line) => {
    const answer = await new Rig().bellhop(line)
    expect(answer).toMatchObject({ code: 2, output: '' })
    expect(answer.problem).toContain('--help')
  },
)

test('a disk that takes nothing is a failure with a next step', async () => {
  const rig = new Rig({ home: '/dev/null/home' })
  const answer = await rig.bellhop('install cursor --yes')
  expect(answer.code).toBe(1)
  expect(answer.problem).toContain('ENOTDIR')
  expect(answer.problem).toContain('run this again')
  expect(rig.files()).toEqual({})
})

describe('what the assistant itself says', () => {
  const list = (output: string) => () => Promise.resolve({ kind: 'ended', output } as const)

  test('a line with Bellhop is passed on', async () => {
    const run = list('Servers:\n\u001B[32m✓\u001B[0m bellhop: node main.ts - Connected\n')
    const answer = await new Rig().bellhop('install gemini --yes', { run })
    expect(answer).toMatchObject({ code: 0, problem: '' })
    expect(answer.output).toContain('Proven: gemini mcp list says: ✓ bellhop: node main.ts - Connected\n')
  })

  test.each([
    ['none', list('No servers.\n'), 'does not show bellhop'],
    ['a bad one', list('bellhop: node main.ts - ✘ Failed to connect'), 'says: bellhop: node main.ts - ✘ Failed'],
    ['nothing in time', () => Promise.resolve({ kind: 'late' } as const), 'has not ended within 30 seconds'],
  ])('%s is a warning, and undoes nothing', async (_, run, words) => {
    const rig = new Rig()
    const answer = await rig.bellhop('install gemini --yes', { run })
    expect(answer.code).toBe(0)
    expect(answer.problem).toContain(`Warning: gemini mcp list ${words}`)
    expect(rig.files()).not.toEqual({})
  })

  test('it is not asked with --no-verify', async () => {
    const run = () => Promise.reject(new Error('asked'))
    expect(await new Rig().bellhop('install gemini --yes --no-verify', { run })).toMatchObject({ code: 0, problem: '' })
  })
})

/** Writes the address of every module that a process loads to its stderr. */
const watch = `import { registerHooks } from 'node:module'
import { writeSync } from 'node:fs'
registerHooks({ load: (url, context, next) => (writeSync(2, url + '\\n'), next(url, context)) })`

test('hook and mcp start without what people type commands with', () => {
  const home = join(temporaryFolder(), 'home')
  const loaded = (word: string): string => {
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(watch)}`]
    const { stderr } = spawnSync(process.execPath, [...flags, main, word, 'claude-code'], {
      input: '{}',
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], BELLHOP_HOME: home, BELLHOP_URL: 'unix:/nowhere' },
    })
    return stderr
  }
  const [hook, mcp, help] = ['hook', 'mcp', '--help'].map(loaded)
  expect(help).toContain('/commander/')
  expect(hook).toContain('agents/hook/run.ts')
  expect(mcp).toContain('agents/mcp/run.ts')
  expect(`${hook}${mcp}`).not.toMatch(/\/commander\/|agents\/install/)
  expect(hook).not.toContain('agents/mcp/')
})
