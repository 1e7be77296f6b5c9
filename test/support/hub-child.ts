import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { hubScript } from './assistant.ts'
import { bareEnvironment } from './environment.ts'

/** A hub that was started by hand, as a process. */
export interface HubChild {
  readonly child: ChildProcess
  readonly pid: number
  /** Where it says that it listens. */
  readonly url: string
  /** What was written to its descriptor 3, when all who had it have ended; empty where it had none. */
  readonly report: Promise<string>
  /** Sends the signal, and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** What became of a hub that did not start. */
export interface HubRefusal {
  readonly code: number | null
  readonly stderr: string
  readonly report: string
}

/** What its process is started with, beside its environment. */
export interface HubCommand {
  /** A program and its arguments that become the hub by executing it: the process id stays. */
  readonly under?: readonly string[]
  /** Arguments of Node. */
  readonly node?: readonly string[]
  /** A descriptor 3 that the test reads. */
  readonly report?: true
}

/** Starts a hub by hand; ended with the test, if it still runs then. */
export async function startHubChild(env: Record<string, string>, command: HubCommand = {}): Promise<HubChild> {
  const { child, report } = spawnHub(env, command)
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).on('line', (line) => {
      const listening = /listening\s+(wss?:\S+)/.exec(line)?.[1]
      if (listening !== undefined) resolve(listening)
    })
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code} before it listened`)))
  })
  return {
    child,
    pid: child.pid!,
    url,
    report,
    async end(signal) {
      child.kill(signal)
      await exit
    },
  }
}

/** Starts a hub that cannot start, and resolves with what it said. */
export async function failToStartHub(env: Record<string, string>, command: HubCommand = {}): Promise<HubRefusal> {
  const { child, report } = spawnHub(env, command)
  let stderr = ''
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  onTestFinished(() => void child.kill('SIGKILL'))
  const listening = once(child.stdout!, 'data').then(() => {
    throw new Error('the hub has started')
  })
  const [code] = (await Promise.race([once(child, 'close'), listening])) as [number | null]
  return { code, stderr, report: await report }
}

function spawnHub(
  env: Record<string, string>,
  { under = [], node = [], report }: HubCommand = {},
): { child: ChildProcess; report: Promise<string> } {
  const words = [...under, process.execPath, ...node, hubScript]
  const child = spawn(words[0]!, words.slice(1), {
    env: { ...bareEnvironment, BELLHOP_LOG: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(report ? (['pipe'] as const) : [])],
  })
  // Read from the start: whoever writes into a full pipe waits.
  return { child, report: report ? text(child.stdio[3] as Readable) : Promise.resolve('') }
}
