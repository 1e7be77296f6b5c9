import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'
import { onTestFinished } from 'vitest'
import { skipWithout } from '../../support/skipping.ts'

/** The folder of the Python package. */
export const packageFolder = fileURLToPath(new URL('../../../agents/python/', import.meta.url))

/** Debian's own first: that is where the distribution's `websockets` is. */
const interpreters = ['/usr/bin/python3', 'python3']

const found = interpreters.find((path) => spawnSync(path, ['-c', 'import websockets']).status === 0)

/** A Python with `websockets`; where there is none, ends the test as skipped, and says why. */
export function requirePython(context: Pick<TestContext, 'skip'>): string {
  if (found !== undefined) return found
  const reason = 'no python3 has the library websockets (on Debian and Ubuntu: apt install python3-websockets)'
  return skipWithout(reason, context)
}

interface PythonRun {
  readonly python: string
  readonly arguments: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Starts a Python program that leaves no bytecode in the tree; ended with the test, if it still runs then. */
export function startPython({ python, arguments: args, env, cwd }: PythonRun): ChildProcess {
  const child = spawn(python, args, {
    cwd,
    env: { PATH: process.env['PATH'], PYTHONDONTWRITEBYTECODE: '1', PYTHONUTF8: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  return child
}

/** Runs one to its end: its exit code, and everything that it wrote. */
export async function runPython(run: PythonRun): Promise<{ code: number | null; output: string }> {
  const child = startPython(run)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}
