import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** The process id of the hub that runs in a home now; undefined where none does. */
export function hubProcess(home: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(home, 'hub.json'), 'utf8')) as { pid: number }).pid
  } catch {
    return undefined
  }
}
