import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'
import { prepareClaudeCode, type ClaudeCode, type ClaudeCodeOptions } from './claude-code.ts'
import { Correspondent } from './correspondent.ts'
import { ScriptedModel, type Reply } from './model.ts'
import { anthropic } from './models/anthropic.ts'
import { fencedTexts } from './sightings.ts'
import type { Terminal } from './terminal.ts'
import { requireTerminal, requireTool } from './tools.ts'

const cli = fileURLToPath(new URL('../../agents/cli/main.ts', import.meta.url))
const pluginFolder = fileURLToPath(new URL('../../agents/claude-code-plugin', import.meta.url))

/** Where hooks show mail, and where waiters start. */
const contextEvents = ['SessionStart', 'UserPromptSubmit', 'PostToolUse', 'Stop']
const wakeEvents = ['SessionStart', 'UserPromptSubmit', 'Stop']
/** Seconds that Claude Code gives them. */
const contextSeconds = 5
const wakeSeconds = 86_400

/** The name of the only assistant of a scene. */
export const name = 'claude'

export const done: Reply = { kind: 'text', text: 'Done.' }
/** A tool that is not Bellhop's, for turns that last longer than one request. */
export const idleTool: Reply = { kind: 'call', tool: 'Bash', args: { command: 'true', description: 'Does nothing' } }
const idleToolRule = 'Bash(true)'

/** Which of Bellhop's hooks stand in the user's settings: some assistants have none. */
interface Hooks {
  readonly context?: boolean
  readonly wake?: boolean
}

/** Another agent, a model, and Claude Code with Bellhop between them. */
export interface Scene {
  readonly rose: Correspondent
  readonly model: ScriptedModel
  readonly claude: ClaudeCode
  /** What the model calls a tool of Bellhop's. */
  readonly toolName: (tool: string) => string
}

type Context = Pick<TestContext, 'skip'>
interface SceneOptions {
  /** False: its sessions get their names from what `openSession` gives to each. */
  readonly named?: boolean
}

/** As a person installs Bellhop who does not use the plugin. */
export async function sceneWithHooks(context: Context, hooks: Hooks, { named = true }: SceneOptions = {}) {
  return await setScene(context, 'mcp__bellhop', (rose) => ({
    mcpServers: { bellhop: { ...rose.shim(name), ...(!named && { env: rose.env }) } },
    settings: { hooks: hookSettings(rose.env['BELLHOP_HOME']!, hooks) },
  }))
}

/** As one does who uses it: it learns home and name from the environment of the session. */
export async function sceneWithPlugin(context: Context, { named = true }: SceneOptions = {}) {
  return await setScene(context, 'mcp__plugin_bellhop_bellhop', (rose) => ({
    plugins: [pluginFolder],
    env: { ...rose.env, ...(named && { BELLHOP_NAME: name }) },
  }))
}

export async function setScene(
  context: Context,
  server: string,
  optionsFor: (rose: Correspondent) => Omit<ClaudeCodeOptions, 'program' | 'model' | 'allow'>,
): Promise<Scene> {
  const program = requireTool('claude', context)
  const rose = await Correspondent.start()
  const model = await ScriptedModel.start(anthropic)
  const claude = prepareClaudeCode({ program, model, ...optionsFor(rose), allow: [server, idleToolRule] })
  return { rose, model, claude, toolName: (tool) => `${server}__${tool}` }
}

/** Ways to set up what wakes an idle session, and shows it the mail in the request that this begins. */
export const wakingWays: readonly {
  readonly title: string
  readonly setUp: (context: Context, options?: SceneOptions) => Promise<Scene>
}[] = [
  { title: 'the monitor of the plugin', setUp: sceneWithPlugin },
  {
    title: 'a waiting hook',
    setUp: (context, options) => sceneWithHooks(context, { context: true, wake: true }, options),
  },
]

interface SessionOptions {
  /** Its name, where its scene gives it none. */
  readonly named?: string
  /** A route that it has to have before a test goes on. */
  readonly route?: 'wake'
  readonly args?: readonly string[]
}

/** An interactive session whose shim is connected. */
export async function openSession(
  context: Context,
  { rose, claude }: Scene,
  { named, route, args = [] }: SessionOptions = {},
): Promise<Terminal> {
  requireTerminal(context)
  if (named !== undefined) claude.env['BELLHOP_NAME'] = named
  const terminal = await claude.open(...args)
  await rose.untilOnline(named ?? name, route)
  return terminal
}

/** Resolves when so many turns on the screen are over, their Stop hooks among it. */
export async function untilOver(terminal: Terminal, turns: number): Promise<void> {
  await terminal.untilScreen(new RegExp(`(?:✻ .* · done[^]*){${turns}}`))
}

/** Begins a new conversation in the same session. */
export async function clear(terminal: Terminal): Promise<void> {
  await terminal.type('/clear')
  await terminal.untilScreen(/^❯\s\/clear\s*\n─/m)
  await terminal.key('Enter')
  // What is left of it, and an empty prompt.
  await terminal.untilScreen(/^[^✻]*❯\s\/clear\s[^✻]*\n❯\s*\n─[^✻]*$/)
}

/** What each request so far held in fences. */
export function seenBy({ requests }: ScriptedModel): string[][] {
  return requests.map(fencedTexts)
}

function hookSettings(home: string, { context = false, wake = false }: Hooks): Record<string, readonly object[]> {
  const command = (words: string): string => `"${process.execPath}" "${cli}" hook ${words} --home "${home}"`
  const contextHook = { type: 'command', command: command('claude-code'), timeout: contextSeconds }
  const waker = { type: 'command', command: command('claude-code wake'), asyncRewake: true, timeout: wakeSeconds }
  const groups = contextEvents.map((event) => {
    const hooks = [...(context ? [contextHook] : []), ...(wake && wakeEvents.includes(event) ? [waker] : [])]
    return [event, [{ hooks }]] as const
  })
  return Object.fromEntries(groups)
}
