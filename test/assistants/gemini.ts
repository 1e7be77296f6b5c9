import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { temporaryFolder } from '../support/teardown.ts'
import { bareEnvironment, startHeadless, type Headless } from './headless.ts'
import type { ScriptedModel } from './model.ts'
import { Terminal } from './terminal.ts'

export interface GeminiOptions {
  readonly program: string
  readonly model: ScriptedModel
  /** As `gemini mcp add -s user` writes them. */
  readonly mcpServers?: Readonly<Record<string, object>>
  /** What else stands in the user's settings.json: hooks and the like. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

/** Gemini CLI with a home of its own, against a scripted model. */
export interface Gemini {
  readonly home: string
  /** The project that sessions work in. */
  readonly folder: string
  /** What it is started with, for commands beside the sessions. */
  readonly env: Record<string, string>
  /** `gemini -p`: one prompt, until it ends. */
  run(prompt: string, ...args: string[]): Headless
  /** An interactive session, ready for a prompt. */
  open(...args: string[]): Promise<Terminal>
}

/** Milliseconds between two looks at the screen, and looks that an Enter is given to work. */
const lookMs = 50
const looksPerEnter = 10

const flags = ['--yolo', '--model', 'gemini-2.5-flash']

export function prepareGemini({ program, model, mcpServers = {}, settings = {}, env: more }: GeminiOptions): Gemini {
  const home = temporaryFolder()
  const folder = realpathSync(temporaryFolder())
  mkdirSync(join(home, '.gemini'))
  writeFileSync(
    join(home, '.gemini', 'settings.json'),
    JSON.stringify({
      // Without a trusted folder neither servers nor hooks are started.
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
      privacy: { usageStatisticsEnabled: false },
      mcpServers,
      ...settings,
    }),
  )
  const env = {
    ...bareEnvironment(home),
    GEMINI_API_KEY: 'dummy-key-of-a-test',
    GOOGLE_GEMINI_BASE_URL: model.url,
    ...more,
  }
  return {
    home,
    folder,
    env,
    run: (prompt, ...args) =>
      startHeadless([program, '--skip-trust', ...flags, ...args, '-p', prompt], { env, cwd: folder }),
    async open(...args) {
      const terminal = await Terminal.start([program, ...flags, ...args], { env, cwd: folder })
      await terminal.untilScreen(/Type your message/)
      return terminal
    },
  }
}

/**
 * Gives a line to the prompt. An Enter that comes close behind a text is taken for a line break in it: so
 * Enter is pressed until the prompt is empty.
 */
export async function submitTo(terminal: Terminal, line: string): Promise<void> {
  await terminal.type(line)
  await terminal.untilScreen(line)
  for (let look = 0; !/Type your message/.test(await terminal.screen()); look += 1) {
    if (look % looksPerEnter === 0) await terminal.key('Enter')
    await delay(lookMs)
  }
}
