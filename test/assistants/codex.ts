import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/teardown.ts'
import type { ShimCommand } from './correspondent.ts'
import { bareEnvironment, startHeadless, type Headless } from './headless.ts'
import type { ScriptedModel } from './model.ts'
import { Terminal } from './terminal.ts'

export interface CodexOptions {
  readonly program: string
  readonly model: ScriptedModel
  /** As `[mcp_servers.NAME]` holds them. */
  readonly mcpServers?: Readonly<Record<string, ShimCommand>>
  /** What hooks.json holds. */
  readonly hooks?: object
  readonly env?: Readonly<Record<string, string>>
}

/** Codex with a home of its own, against a scripted model. */
export interface Codex {
  readonly home: string
  /** The project that sessions work in. */
  readonly folder: string
  /** What it is started with, for commands beside the sessions. */
  readonly env: Record<string, string>
  /** `codex exec`: one prompt, until it ends. */
  run(prompt: string, ...args: string[]): Headless
  /** An interactive session without its daemon (which would outlive the test), ready for a prompt. */
  open(...args: string[]): Promise<Terminal>
}

const free = '--dangerously-bypass-approvals-and-sandbox'
/** Hooks are skipped in silence until a person has trusted them. */
const trust = '--dangerously-bypass-hook-trust'

export function prepareCodex({ program, model, mcpServers = {}, hooks, env: more }: CodexOptions): Codex {
  const home = temporaryFolder()
  const folder = realpathSync(temporaryFolder())
  const settings = join(home, '.codex')
  mkdirSync(settings)
  writeFileSync(join(settings, 'config.toml'), configOf(model, folder, mcpServers))
  if (hooks !== undefined) writeFileSync(join(settings, 'hooks.json'), JSON.stringify({ hooks }))
  const env = { ...bareEnvironment(home), ...more }
  const flags = hooks === undefined ? [free] : [free, trust]
  return {
    home,
    folder,
    env,
    run: (prompt, ...args) =>
      startHeadless([program, 'exec', '--skip-git-repo-check', ...flags, ...args, prompt], { env, cwd: folder }),
    async open(...args) {
      const terminal = await Terminal.start([program, '--no-daemon', ...flags, ...args], { env, cwd: folder })
      await terminal.untilScreen(/^\s*›/m)
      return terminal
    },
  }
}

function configOf(model: ScriptedModel, folder: string, servers: Readonly<Record<string, ShimCommand>>): string {
  const tables = Object.entries(servers).map(([name, { command, args, env }]) =>
    [
      `[mcp_servers.${name}]`,
      `command = ${JSON.stringify(command)}`,
      `args = ${JSON.stringify(args)}`,
      // Without it the first request goes out before a cold server has listed its tools.
      'required = true',
      'default_tools_approval_mode = "approve"',
      `[mcp_servers.${name}.env]`,
      ...Object.entries(env).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    ].join('\n'),
  )
  return `model = "gpt-5"
model_provider = "scripted"
check_for_update_on_startup = false

[model_providers.scripted]
name = "scripted"
base_url = "${model.url}/v1"
wire_api = "responses"
requires_openai_auth = false
request_max_retries = 0
stream_max_retries = 0

[analytics]
enabled = false

[projects.${JSON.stringify(folder)}]
trust_level = "trusted"

${tables.join('\n\n')}
`
}
