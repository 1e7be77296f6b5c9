import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { hubScript } from './assistant.ts'
import { bareEnvironment } from './environment.ts'

/** A hub that was started by hand, as a process. */
export interface HubChild {
  readonly child: ChildProcess
  readonly pid: number
  /** Where it says that it listens. */
  readonly url: string
  /** Sends the signal, and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

/** What became of a hub that did not start. */
export interface HubRefusal {
  readonly code: number | null
  readonly stderr: string
}

/** Starts a hub by hand; ended with the test, if it still runs then. */
export async function startHubChild(env: Record<string, string>): Promise<HubChild> {
  const child = spawnHub(env)
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
    async end(signal) {
      child.kill(signal)
      await exit
    },
  }
}

/** Starts a hub that cannot start, and resolves with what it said. */
export async function failToStartHub(env: Record<string, string>): Promise<HubRefusal> {
  const child = spawnHub(env)
  let stderr = ''
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  onTestFinished(() => void child.kill('SIGKILL'))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr }
}

function spawnHub(env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [hubScript], {
    env: { ...bareEnvironment, BELLHOP_LOG: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
