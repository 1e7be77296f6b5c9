import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { z } from 'zod'
import { AgentName, nameKey } from '../../protocol/index.ts'
import { Problem } from './problem.ts'

/** Terminals that are remembered; those registered longest ago go first. */
const remembered = 200
/** Milliseconds for `ps`, where there is no /proc. */
const psMs = 500

const Registered = z.object({ terminal: z.string(), name: AgentName })
const File = z.object({ registered: z.array(Registered) })
type Registration = z.infer<typeof Registered>

interface Whereabouts {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Whose name a command goes by: `--as`, BELLHOP_NAME, the name that was registered in this terminal, or the
 * only one that was registered on any. Two terminals never take each other's name: where it is not clear, it
 * is asked back. Throws `Problem`.
 */
export function whoAmI(told: string | undefined, { home, env }: Whereabouts, terminal = thisTerminal()): string {
  const given = told ?? (env['BELLHOP_NAME'] || undefined)
  if (given !== undefined) return given
  const registered = read(home)
  const here = registered.findLast((registration) => registration.terminal === terminal)
  if (here) return here.name
  const names = [...new Map(registered.map(({ name }) => [nameKey(name), name])).values()]
  const [only, ...others] = names
  if (only !== undefined && others.length === 0) return only
  const choice = names.length > 0 ? ` Names of other terminals: ${names.slice(-8).join(', ')}.` : ''
  throw new Problem({
    ending: 'unclear',
    reason: 'not_registered',
    message: `This terminal has no name yet, so it is not clear who you are.${choice}`,
    next: 'Take a name with "bellhop register NAME", or add --as NAME to the command, or set BELLHOP_NAME.',
  })
}

/** From now on this terminal goes by that name. */
export function remember(home: string, name: string, terminal = thisTerminal()): void {
  const others = read(home).filter((registration) => registration.terminal !== terminal)
  write(home, [...others, { terminal, name: name as AgentName }])
}

/** Wherever the former name was remembered, the new one is; `undefined`: it was given up. */
export function rememberRename(home: string, from: string, to: string | undefined): void {
  const registered = read(home)
  const changed = registered.flatMap(({ terminal, name }) => {
    if (nameKey(name) !== nameKey(from)) return [{ terminal, name }]
    return to === undefined ? [] : [{ terminal, name: to as AgentName }]
  })
  if (JSON.stringify(changed) !== JSON.stringify(registered)) write(home, changed)
}

function fileOf(home: string): string {
  return join(home, 'terminals.json')
}

function read(home: string): readonly Registration[] {
  try {
    return File.parse(JSON.parse(readFileSync(fileOf(home), 'utf8'))).registered
  } catch {
    // Missing or damaged: the person is asked again, and nothing else depends on it.
    return []
  }
}

function write(home: string, registered: readonly Registration[]): void {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const draft = `${fileOf(home)}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify({ registered: registered.slice(-remembered) })}\n`, { mode: 0o600 })
  renameSync(draft, fileOf(home))
}

/** What tells one terminal from another: the session of the process, or the terminal's own name. */
function thisTerminal(): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync('/proc/self/stat', 'latin1')
      return `session ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]}`
    }
    const tty = execFileSync('ps', ['-o', 'tty=', '-p', String(process.pid)], { encoding: 'utf8', timeout: psMs })
    if (/\w/.test(tty)) return `tty ${tty.trim()}`
  } catch {
    // Told by its parent then.
  }
  return `parent ${process.ppid}`
}
