import { onTestFinished } from 'vitest'
import { compiledCode } from './environment.ts'
import { hubProcess, isAlive } from './processes.ts'
import { temporaryFolder } from './teardown.ts'

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
    ...compiledCode,
    BELLHOP_HOME: home,
    BELLHOP_PORT: '0',
    BELLHOP_SENDS_PER_MINUTE: '1000000',
    BELLHOP_REGISTRATIONS_PER_MINUTE: '1000',
    ...settings,
  }
  return { home, env }
}
