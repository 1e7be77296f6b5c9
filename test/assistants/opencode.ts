import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../support/teardown.ts'
import type { ShimCommand } from './correspondent.ts'
import { bareEnvironment, startHeadless, type Headless } from './headless.ts'
import type { ScriptedModel } from './model.ts'
import { Terminal } from './terminal.ts'
import { tools } from './tools.ts'

export interface OpencodeOptions {
  readonly program: string
  readonly model: ScriptedModel
  readonly mcpServers?: Readonly<Record<string, ShimCommand>>
  /** Plugins by file name, with their source. */
  readonly plugins?: Readonly<Record<string, string>>
  /** The project that sessions work in. Default: one of its own. */
  readonly folder?: string
  readonly env?: Readonly<Record<string, string>>
}

/** opencode with a home of its own, against a scripted model. */
export interface Opencode {
  readonly home: string
  /** The project that sessions work in. */
  readonly folder: string
  /** What it is started with, for commands beside the sessions. */
  readonly env: Record<string, string>
  /** `opencode run`: one prompt, until it ends. */
  run(prompt: string, ...args: string[]): Headless
  /** An interactive session, ready for a prompt. */
  open(...args: string[]): Promise<Terminal>
}

export function prepareOpencode(options: OpencodeOptions): Opencode {
  const { program, model, mcpServers = {}, plugins = {} } = options
  const home = temporaryFolder()
  const folder = options.folder ?? realpathSync(temporaryFolder())
  const settings = join(home, '.config', 'opencode')
  mkdirSync(join(settings, 'plugin'), { recursive: true })
  writeFileSync(join(settings, 'opencode.json'), JSON.stringify(configOf(model, mcpServers)))
  for (const [name, source] of Object.entries(plugins)) writeFileSync(join(settings, 'plugin', name), source)
  pretendThatItsLibraryIsThere(settings)
  const env = {
    ...bareEnvironment(home),
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    ...options.env,
  }
  return {
    home,
    folder,
    env,
    run: (prompt, ...args) => startHeadless([program, 'run', ...args, prompt], { env, cwd: folder }),
    async open(...args) {
      const terminal = await Terminal.start([program, ...args], { env, cwd: folder })
      await terminal.untilScreen(/Ask anything/)
      return terminal
    },
  }
}

/**
 * At every start opencode installs its plugin library from npm, unless it finds it listed here; with a
 * plugin it waits for that, for over a minute where npm cannot be reached. Our plugin does not use it.
 */
function pretendThatItsLibraryIsThere(settings: string): void {
  const dependencies = { '@opencode-ai/plugin': tools.opencode.version }
  mkdirSync(join(settings, 'node_modules'))
  writeFileSync(join(settings, 'package.json'), JSON.stringify({ dependencies }))
  const lock = { lockfileVersion: 3, packages: { '': { dependencies } } }
  writeFileSync(join(settings, 'package-lock.json'), JSON.stringify(lock))
}

function configOf(model: ScriptedModel, servers: Readonly<Record<string, ShimCommand>>): object {
  const mcp = Object.entries(servers).map(([name, { command, args, env }]) => [
    name,
    { type: 'local', command: [command, ...args], environment: env, enabled: true },
  ])
  return {
    model: 'scripted/scripted',
    small_model: 'scripted/scripted',
    provider: {
      scripted: {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${model.url}/v1`, apiKey: 'dummy-key-of-a-test' },
        models: { scripted: { tool_call: true, limit: { context: 100_000, output: 4_000 } } },
      },
    },
    permission: { '*': 'allow' },
    share: 'disabled',
    mcp: Object.fromEntries(mcp) as object,
  }
}
