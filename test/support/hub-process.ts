import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './teardown.ts'

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

/**
 * A home in which clients start hubs by themselves, as processes of their own, on free ports. What
 * still runs there when the test ends is killed.
 */
export function homeWithHub(settings: Record<string, string> = {}): { home: string; env: Record<string, string> } {
  const home = temporaryFolder()
  onTestFinished(() => {
    const pid = hubProcess(home)
    if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL')
  })
  const env = {
    BELLHOP_HOME: home,
    BELLHOP_PORT: '0',
    BELLHOP_SENDS_PER_MINUTE: '1000000',
    BELLHOP_REGISTRATIONS_PER_MINUTE: '1000',
    ...settings,
  }
  return { home, env }
}
