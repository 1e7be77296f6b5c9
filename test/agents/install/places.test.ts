import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import type { AssistantId } from '../../../agents/assistants/index.ts'
import { hookCommand, type Machine } from '../../../agents/install/machine.ts'
import { isOwnHook, isOwnPlugin, isOwnServer } from '../../../agents/install/own.ts'
import type { Role } from '../../../agents/install/recipe.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { programsIn, Rig } from './rig.ts'

describe('where the files are', () => {
  const cases: [assistant: AssistantId, role: Role, machine: Partial<Machine>, path: string][] = [
    ['claude-code', 'registration', {}, '/u/.claude.json'],
    ['claude-code', 'hooks', {}, '/u/.claude/settings.json'],
    ['claude-code', 'registration', { env: { CLAUDE_CONFIG_DIR: '/c' } }, '/c/.claude.json'],
    ['claude-code', 'hooks', { env: { CLAUDE_CONFIG_DIR: '/c' } }, '/c/settings.json'],
    ['codex', 'registration', {}, '/u/.codex/config.toml'],
    ['codex', 'hooks', { env: { CODEX_HOME: '/c' } }, '/c/hooks.json'],
    ['gemini', 'hooks', {}, '/u/.gemini/settings.json'],
    ['gemini', 'registration', { env: { GEMINI_CLI_HOME: '/g' } }, '/g/.gemini/settings.json'],
    ['cursor', 'registration', {}, '/u/.cursor/mcp.json'],
    ['cursor', 'hooks', {}, '/u/.cursor/hooks.json'],
    ['windsurf', 'registration', {}, '/u/.codeium/windsurf/mcp_config.json'],
    ['opencode', 'registration', {}, '/u/.config/opencode/opencode.json'],
    ['opencode', 'hooks', { env: { XDG_CONFIG_HOME: '/x' } }, '/x/opencode/plugin/bellhop.ts'],
    ['vscode', 'registration', {}, '/u/.config/Code/User/mcp.json'],
    ['vscode', 'registration', { platform: 'darwin' }, '/u/Library/Application Support/Code/User/mcp.json'],
    ['vscode', 'registration', { platform: 'win32', env: { APPDATA: '/a' } }, '/a/Code/User/mcp.json'],
    ['claude-desktop', 'registration', {}, '/u/.config/Claude/claude_desktop_config.json'],
    [
      'claude-desktop',
      'registration',
      { platform: 'darwin' },
      '/u/Library/Application Support/Claude/claude_desktop_config.json',
    ],
    ['claude-desktop', 'registration', { platform: 'win32' }, '/u/AppData/Roaming/Claude/claude_desktop_config.json'],
  ]
  test.each(cases)('%s, %s, %j: %s', (assistant, role, machine, path) => {
    expect(new Rig({ userFolder: '/u', ...machine }).pathOf(assistant, role)).toBe(path)
  })

  test('an old file of Claude Code goes before the usual one', () => {
    const rig = new Rig()
    const old = join(rig.machine.userFolder, '.claude', '.config.json')
    rig.put(old, '{}')
    expect(rig.pathOf('claude-code', 'registration')).toBe(old)
  })

  test('of several files of opencode, the one with the entry, or else the one that wins', () => {
    const rig = new Rig()
    const folder = join(rig.machine.userFolder, '.config', 'opencode')
    rig.put(join(folder, 'config.json'), '{}')
    expect(rig.pathOf('opencode', 'registration')).toBe(join(folder, 'config.json'))
    rig.put(join(folder, 'opencode.jsonc'), '{ // c\n}')
    expect(rig.pathOf('opencode', 'registration')).toBe(join(folder, 'opencode.jsonc'))
    rig.put(join(folder, 'opencode.json'), '{"mcp": {"bellhop": {}}}')
    expect(rig.pathOf('opencode', 'registration')).toBe(join(folder, 'opencode.json'))
  })
})

describe('what is known as ours, without any record', () => {
  test.each([
    [{ command: '/usr/bin/node', args: ['/old/agents/mcp/main.ts'] }, true],
    [{ command: 'C:\\node.exe', args: ['C:\\b\\dist\\agents\\mcp\\main.js'] }, true],
    [{ type: 'local', command: ['node', '/x/agents/mcp/main.ts'] }, true],
    [{ command: 'node', args: ['/x/agents/cli/main.ts', 'mcp'] }, true],
    [{ command: 'bellhop', args: ['mcp'] }, true],
    [{ command: 'bellhop', args: ['serve'] }, false],
    [{ command: 'node', args: ['/x/other-agents/mcp/main.ts'] }, false],
    [{ url: 'http://127.0.0.1:1/agents/mcp/main.ts' }, false],
    [['node', '/x/agents/mcp/main.ts'], false],
    [null, false],
  ])('the entry %j: %s', (entry, isOwn) => {
    expect(isOwnServer(entry)).toBe(isOwn)
  })

  test.each([
    ['"/usr/bin/node" "/a b/agents/cli/main.ts" hook codex', true],
    ['"/usr/bin/node" "/a/agents/cli/main.js" hook codex wake', true],
    ['"C:\\n\\node.exe" "C:\\b\\agents\\cli\\main.js" hook codex', true],
    ['/usr/bin/node /a/agents/cli/main.ts hook codex', true],
    ['bellhop hook codex', true],
    ['npx bellhop hook codex --home /x', true],
    ['bellhop hook gemini', false],
    ['my-bellhop hook codex', false],
    ['bellhop status', false],
    ['/a/agents/cli/main.ts --then hook codex', false],
    [undefined, false],
  ])('the hook %s: %s', (command, isOwn) => {
    expect(isOwnHook(command, 'codex')).toBe(isOwn)
  })

  test('what was just written is among it, and a shell takes it apart as it was meant', () => {
    const folder = temporaryFolder()
    const cli = join(folder, 'a "b" $HOME `c` \\d', 'agents', 'cli', 'main.ts')
    mkdirSync(dirname(cli), { recursive: true })
    writeFileSync(cli, 'process.stdout.write(JSON.stringify(process.argv.slice(1)))')
    const { machine } = new Rig({ programs: { ...programsIn(folder), node: process.execPath, cli } })
    const command = hookCommand(machine, 'claude-code', 'wake')
    expect(isOwnHook(command, 'claude-code')).toBe(true)
    expect(JSON.parse(execFileSync('sh', ['-c', command], { encoding: 'utf8' }))).toEqual([
      cli,
      'hook',
      'claude-code',
      'wake',
    ])
  })

  test('on Windows a command is quoted for cmd', () => {
    const { machine } = new Rig({
      platform: 'win32',
      programs: {
        ...programsIn(''),
        node: String.raw`C:\Program Files\node.exe`,
        cli: String.raw`C:\b\agents\cli\main.js`,
      },
    })
    const command = hookCommand(machine, 'codex', 'context')
    expect(command).toBe(String.raw`"C:\Program Files\node.exe" "C:\b\agents\cli\main.js" hook codex`)
    expect(isOwnHook(command, 'codex')).toBe(true)
  })

  test('the plugin is known, and nothing that does more', async () => {
    const rig = new Rig()
    await rig.bellhop('install opencode --yes --hooks')
    const plugin = readFileSync(rig.pathOf('opencode', 'hooks'), 'utf8')
    expect(plugin).toBe('export { Bellhop } from "file:///opt/bellhop%20source/agents/opencode/plugin.ts"\n')
    expect(isOwnPlugin(plugin)).toBe(true)
    expect(isOwnPlugin(`${plugin}export const more = 1\n`)).toBe(false)
  })
})
