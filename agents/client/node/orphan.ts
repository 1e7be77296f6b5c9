import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Socket } from 'node:net'

type Command = readonly [program: string, ...args: string[]]

const shell = '/bin/sh'
/** Starts its arguments in the background and ends at once, which leaves them to the system's first process. */
const letGo = '"$0" "$@" &'

interface OrphanOptions {
  readonly command: Command
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Descriptor of the file that takes the output. */
  readonly log: number
  /** The process ended, or never began. */
  readonly onEnd: () => void
}

/**
 * Starts a process that outlives us and is nobody's child: some assistants end every descendant of their
 * servers, and find them by their parents. Windows, and a system without a shell, get a child in a session
 * of its own.
 */
export function startOrphan(options: OrphanOptions): void {
  const throughShell = process.platform !== 'win32' && existsSync(shell)
  const child = throughShell
    ? start([shell, '-c', letGo, ...options.command], options, 'pipe')
    : start(options.command, options)
  // The exit code would be the shell's. The process holds the other end of the pipe as long as it runs,
  // and 'close' waits for that end too.
  const [, , , lifeline] = child.stdio
  if (lifeline instanceof Socket) lifeline.on('error', options.onEnd).resume().unref()
  child.once('error', options.onEnd)
  child.once('close', options.onEnd)
  child.unref()
}

function start([program, ...args]: Command, { cwd, env, log }: OrphanOptions, ...lifeline: 'pipe'[]): ChildProcess {
  return spawn(program, args, {
    cwd,
    detached: true,
    env,
    stdio: ['ignore', log, log, ...lifeline],
    windowsHide: true,
  })
}
