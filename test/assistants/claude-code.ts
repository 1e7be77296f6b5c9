import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/teardown.ts'
import { bareEnvironment, startHeadless, type Headless } from './headless.ts'
import type { ScriptedModel } from './model.ts'
import { Terminal } from './terminal.ts'

/** Claude Code remembers a key that was approved by its last characters. */
const dummyKey = 'sk-ant-dummy-key-of-a-test-0123456789'
const rememberedCharacters = 20

export interface ClaudeCodeOptions {
  readonly program: string
  readonly model: ScriptedModel
  /** As `claude mcp add --scope user` writes them. */
  readonly mcpServers?: Readonly<Record<string, object>>
  /** The user's settings.json: hooks and the like. */
  readonly settings?: { readonly [key: string]: unknown; readonly permissions?: object }
  /** Folders of plugins that are loaded for the session. */
  readonly plugins?: readonly string[]
  /** Tools that may be called without asking, as permission rules. */
  readonly allow?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Claude Code with a home of its own, against a scripted model. */
export interface ClaudeCode {
  readonly home: string
  /** The project that sessions work in. */
  readonly folder: string
  /** What it is started with, for commands beside the sessions. */
  readonly env: Record<string, string>
  /** `claude -p`: one prompt, until it ends. */
  run(prompt: string, ...args: string[]): Headless
  /** An interactive session, ready for a prompt. */
  open(...args: string[]): Promise<Terminal>
}

export function prepareClaudeCode(options: ClaudeCodeOptions): ClaudeCode {
  const { program, model, mcpServers = {}, settings = {}, plugins = [], allow = ['mcp__bellhop'] } = options
  const home = temporaryFolder()
  const folder = realpathSync(temporaryFolder())
  mkdirSync(join(home, '.claude'))
  mkdirSync(join(home, 'tmp'))
  const permissions = { defaultMode: 'default', allow, ...settings.permissions }
  writeFileSync(join(home, '.claude', 'settings.json'), JSON.stringify({ ...settings, permissions }))
  const state = {
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNudge: true,
    theme: 'dark',
    customApiKeyResponses: { approved: [dummyKey.slice(-rememberedCharacters)], rejected: [] },
    projects: { [folder]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, allowedTools: [] } },
    mcpServers,
  }
  writeFileSync(join(home, '.claude.json'), JSON.stringify(state))
  const env = {
    ...bareEnvironment(home),
    ANTHROPIC_BASE_URL: model.url,
    ANTHROPIC_API_KEY: dummyKey,
    // Else it leaves folders behind in the system's.
    CLAUDE_CODE_TMPDIR: join(home, 'tmp'),
    CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_AUTOUPDATER: '1',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    ...options.env,
  }
  const flags = plugins.flatMap((plugin) => ['--plugin-dir', plugin])
  return {
    home,
    folder,
    env,
    run: (prompt, ...args) => startHeadless([program, '-p', prompt, ...flags, ...args], { env, cwd: folder }),
    async open(...args) {
      const terminal = await Terminal.start([program, ...flags, ...args], { env, cwd: folder })
      await terminal.untilScreen(/^\s*❯/m)
      return terminal
    },
  }
}
