import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** How a program that was not interactive has ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Milliseconds from start to end. */
  readonly ms: number
}

export interface Headless {
  readonly pid: number
  readonly ended: Promise<Ended>
}

/** What every assistant is given, and nothing else of this process: no key, no name of a session around the tests. */
export function bareEnvironment(home: string): Record<string, string> {
  // Some assistants are Node scripts: the Node of this test runs them.
  const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
  return { HOME: home, PATH: path, LANG: 'C.UTF-8', TERM: 'xterm-256color' }
}

/** Runs a program without a terminal in exactly this environment; killed when the test ends. */
export function startHeadless(
  [program, ...args]: readonly [string, ...string[]],
  { env, cwd }: { readonly env: Record<string, string>; readonly cwd: string },
): Headless {
  const startedAt = performance.now()
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = once(child, 'close') as Promise<[number | null]>
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(([[code], stdout, stderr]) => ({
    code,
    stdout,
    stderr,
    ms: performance.now() - startedAt,
  }))
  return { pid: child.pid!, ended }
}
