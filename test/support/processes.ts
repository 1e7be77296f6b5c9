import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The process id of the hub that says that it runs in a home. */
export function hubProcess(home: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(home, 'hub.json'), 'utf8')) as { pid: number }).pid
  } catch {
    return undefined
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
