import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** What a process is here for; each role has a core of its own, so that load and server do not take turns. */
export type Role = 'server' | 'load'

const coreOf = { server: '0', load: '1' } as const satisfies Record<Role, string>

/** Whether roles have cores of their own: there are several, and Linux's `taskset` is there. */
export const arePinned: boolean =
  availableParallelism() > 1 && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0

/** A command line that runs on its role's core, where that can be had. `taskset` becomes the program: the id stays. */
export function pinned(role: Role, commandLine: readonly string[]): readonly string[] {
  return arePinned ? ['taskset', '-c', coreOf[role], ...commandLine] : commandLine
}
