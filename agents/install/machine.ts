import { homedir } from 'node:os'
import { extname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AssistantId } from '../assistants/index.ts'
import { readSettings, type Environment } from '../client/settings.ts'
import type { HookKind } from './hook-events.ts'

/** What assistants are told to start: full paths, since they look for programs in their own way. */
export interface Programs {
  readonly node: string
  readonly shim: string
  readonly cli: string
  readonly plugin: string
}

/** The machine and its user, as far as an installation depends on them. */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly env: Environment
  /** The user's own folder. */
  readonly userFolder: string
  /** Bellhop's home, where the records of installations are. */
  readonly home: string
  readonly programs: Programs
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    userFolder: homedir(),
    home: readSettings(process.env).home,
    programs: ownPrograms(),
  }
}

/** The programs beside this file: source beside source, build beside build. */
export function ownPrograms(): Programs {
  return {
    node: process.execPath,
    shim: beside('mcp/main'),
    cli: beside('cli/main'),
    plugin: beside('opencode/plugin'),
  }
}

function beside(name: string): string {
  return fileURLToPath(new URL(`../${name}${extname(import.meta.url)}`, import.meta.url))
}

/** The command of a hook, for the shell that the assistant runs it in. */
export function hookCommand(machine: Machine, assistant: AssistantId, kind: HookKind): string {
  const { platform, programs } = machine
  const quote = platform === 'win32' ? quoteForCmd : quoteForShell
  const home = chosenHome(machine)
  return [
    quote(programs.node),
    quote(programs.cli),
    'hook',
    assistant,
    ...(kind === 'wake' ? ['wake'] : []),
    ...(home === undefined ? [] : ['--home', quote(home)]),
  ].join(' ')
}

/** What the shim is started with, behind the Node that runs it. */
export function shimArguments(machine: Machine): string[] {
  const home = chosenHome(machine)
  return [machine.programs.shim, ...(home === undefined ? [] : ['--home', home])]
}

/** A home that is not the usual one: shim and hooks must be told alike, or they never meet. */
function chosenHome({ env }: Pick<Machine, 'env'>): string | undefined {
  return env['BELLHOP_HOME'] || undefined
}

function quoteForShell(word: string): string {
  return `"${word.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"`
}

/** A path on Windows cannot hold a quote. */
function quoteForCmd(word: string): string {
  return `"${word}"`
}

/** Where programs keep what belongs to a user: each platform has its own. */
export function applicationFolder({ platform, env, userFolder }: Machine): string {
  if (platform === 'win32') return env['APPDATA'] || join(userFolder, 'AppData', 'Roaming')
  if (platform === 'darwin') return join(userFolder, 'Library', 'Application Support')
  return configFolder({ env, userFolder })
}

export function configFolder({ env, userFolder }: Pick<Machine, 'env' | 'userFolder'>): string {
  return env['XDG_CONFIG_HOME'] || join(userFolder, '.config')
}

/** The one line that makes our plugin a plugin of opencode. */
export function pluginLine({ programs }: Machine): string {
  return `export { Bellhop } from ${JSON.stringify(pathToFileURL(programs.plugin).href)}\n`
}
