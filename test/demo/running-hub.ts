import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { hubScript } from '../support/assistant.ts'

/** Starts a hub as a process of its own, and resolves with where it says that it listens. */
export async function startHubProcess(env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [hubScript], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  child.unref()
  for await (const line of createInterface(child.stdout)) {
    const url = /listening\s+(ws:\S+)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('the hub ended before it listened')
}
