import type { TestContext } from 'vitest'
import type { HubCommand } from '../support/hub-child.ts'
import { findProgram, skipWhere, skipWithout } from '../support/skipping.ts'

/**
 * How a hub is started under strace with these options; its report is what strace wrote. The hub is the child, and
 * strace a process beside it that ends with it, so signals reach the hub alone.
 */
export function underStrace(options: readonly string[], node: readonly string[] = []): HubCommand {
  return { under: ['strace', '-D', '-f', '-qq', '-o', '|exec cat >&3', ...options], node, report: true }
}

/** Has only those calls stopped at that an option names: nearly as fast as without. Signals are not injected so. */
export const fast = '--seccomp-bpf'

/** Skips the test where system calls cannot be traced. */
export function needsStrace(context: Pick<TestContext, 'skip'>): void {
  if (process.platform !== 'linux') skipWhere('strace is a program of Linux', context)
  if (findProgram('strace') === undefined) skipWithout('strace is not installed', context)
}
