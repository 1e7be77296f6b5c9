import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AssistantId } from '../../../agents/assistants/index.ts'
import { bareEnvironment, startHeadless } from '../../assistants/headless.ts'
import { requireTool, toolsFolder, type ToolName } from '../../assistants/tools.ts'
import { hubProcess, isAlive } from '../../support/processes.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { treeOf } from './rig.ts'

const cli = fileURLToPath(new URL('../../../agents/cli/main.ts', import.meta.url))

/** The assistants start our shim, which starts a hub: cold disks and shared machines take their time. */
const patience = 120_000

/** A user with nothing yet, and the real programs on the PATH. */
function newUser() {
  const userFolder = realpathSync(temporaryFolder())
  const home = join(userFolder, '.bellhop')
  const project = join(userFolder, 'project')
  mkdirSync(project)
  onTestFinished(() => {
    const pid = hubProcess(home)
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL')
  })
  const bare = bareEnvironment(userFolder)
  const env = {
    ...bare,
    PATH: `${join(toolsFolder, 'node_modules', '.bin')}${delimiter}${bare['PATH']}`,
    BELLHOP_HOME: home,
    BELLHOP_PORT: '0',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    npm_config_fetch_retries: '0',
  }
  const run = (program: string, ...args: string[]) => startHeadless([program, ...args], { env, cwd: project }).ended
  const bellhop = (line: string) => run(process.execPath, cli, ...line.split(' '))
  return { userFolder, home, project, env, run, bellhop }
}

describe.each<[AssistantId, ToolName, RegExp]>([
  ['claude-code', 'claude', /bellhop: .*Connected/],
  ['codex', 'codex', /bellhop .*enabled/],
  ['gemini', 'gemini', /bellhop: .*Connected/],
  ['opencode', 'opencode', /bellhop.*connected/],
])('the real %s', (assistant, tool, line) => {
  test(
    'shows Bellhop in its list after the installation, and not after its end',
    async (context) => {
      requireTool(tool, context)
      const user = newUser()
      const installed = await user.bellhop(`install ${assistant} --yes --hooks`)
      expect(installed).toMatchObject({ code: 0, stderr: '' })
      expect(installed.stdout).toMatch(/^Proven: /m)
      expect(installed.stdout).toMatch(line)

      const removed = await user.bellhop(`uninstall ${assistant} --yes`)
      expect(removed).toMatchObject({ code: 0, stderr: '' })
      const list = await user.run(tool, 'mcp', 'list')
      expect(`${list.stdout}${list.stderr}`.replaceAll(user.userFolder, '')).not.toMatch(/agents\/mcp\/main/)
    },
    patience,
  )
})

/** Each as its program would not write it. */
test.for<[AssistantId, ToolName, string, string]>([
  ['claude-code', 'claude', '.claude.json', '{ "theme":"dark",\n\t"n": 1.0 }\n\n'],
  ['codex', 'codex', '.codex/config.toml', '# mine\n[tui]\nanimations   = false\n\n'],
  ['gemini', 'gemini', '.gemini/settings.json', '{ // mine\n "mcpServers" :{} }\n\n'],
  ['opencode', 'opencode', '.config/opencode/opencode.jsonc', '{ // mine\n\t"share":"disabled", }\n\n'],
])(
  'the proof by the real %s leaves its file alone: byte for byte as before, once uninstalled',
  { timeout: patience },
  async ([assistant, tool, name, text], context) => {
    requireTool(tool, context)
    const user = newUser()
    const file = join(user.userFolder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    const installed = await user.bellhop(`install ${assistant} --yes --hooks`)
    expect(installed).toMatchObject({ code: 0, stderr: '' })
    expect(installed.stdout).toMatch(/^Proven: /m)
    expect(readFileSync(file, 'utf8')).toContain('agents/mcp/main')
    expect(await user.bellhop(`uninstall ${assistant} --yes`)).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)

test('the real Codex reads every hook that was installed', async (context) => {
  const program = requireTool('codex', context)
  const user = newUser()
  await user.bellhop('install codex --yes --hooks --no-verify')
  const { hooks, warnings } = await codexHooks(program, user)
  expect(warnings).toEqual([])
  expect(hooks.map(({ eventName }) => eventName).toSorted()).toEqual(['postToolUse', 'stop', 'userPromptSubmit'])
  expect(new Set(hooks.map(({ command, timeoutSec }) => `${command} ${timeoutSec}`))).toEqual(
    new Set([`"${process.execPath}" "${cli}" hook codex --home "${user.home}" 5`]),
  )
})

interface CodexHooks {
  readonly hooks: readonly { readonly eventName: string; readonly command: string; readonly timeoutSec: number }[]
  readonly warnings: readonly string[]
}

/** Asks Codex's own server for its hooks. */
async function codexHooks(program: string, { env, project }: ReturnType<typeof newUser>): Promise<CodexHooks> {
  const child = spawn(program, ['app-server'], { env, cwd: project, stdio: ['pipe', 'pipe', 'ignore'] })
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const send = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`)
  send({ id: 1, method: 'initialize', params: { clientInfo: { name: 'test', title: 'test', version: '1' } } })
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, result } = JSON.parse(line) as { id?: number; result?: { data?: [CodexHooks] } }
    if (id === 1) send({ method: 'initialized' })
    if (id === 1) send({ id: 2, method: 'hooks/list', params: { cwds: [project] } })
    if (id === 2 && result?.data) return result.data[0]
  }
  throw new Error('Codex ended without an answer')
}

test(
  'the real Claude Code finds nothing wrong with its settings',
  async (context) => {
    const program = requireTool('claude', context)
    const user = newUser()
    await user.bellhop('install claude-code --yes --hooks --no-verify')
    const { stdout } = await user.run(program, 'doctor')
    expect(stdout).toContain('Claude Code doctor')
    expect(stdout).not.toContain('Invalid settings')
  },
  patience,
)

test(
  'the real opencode finds the plugin',
  async (context) => {
    const program = requireTool('opencode', context)
    const user = newUser()
    await user.bellhop('install opencode --yes --hooks --no-verify')
    const { stdout } = await user.run(program, 'debug', 'config')
    expect(stdout).toContain('/.config/opencode/plugin/bellhop.ts')
  },
  patience,
)

test('a dry run of the program makes no home, and an installation is undone by it', async () => {
  const user = newUser()
  const before = treeOf(user.userFolder)
  expect(await user.bellhop('install cursor --dry-run --hooks')).toMatchObject({ code: 0, stderr: '' })
  expect(treeOf(user.userFolder)).toEqual(before)
  expect(await user.bellhop('install cursor --hooks')).toMatchObject({ code: 4 })
  expect(await user.bellhop('install cursor --yes --hooks')).toMatchObject({ code: 0 })
  expect(readFileSync(join(user.userFolder, '.cursor', 'mcp.json'), 'utf8')).toContain('agents/mcp/main.ts')
  expect(await user.bellhop('uninstall cursor --yes')).toMatchObject({ code: 0 })
  expect(existsSync(join(user.userFolder, '.cursor'))).toBe(false)
})
