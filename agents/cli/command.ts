import type { Command } from 'commander'
import type { Clock } from '../client/index.ts'
import type { Machine, RunProgram } from '../install/index.ts'
import type { Ending } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** What commands are given in place of the process they run in. */
export interface CliContext {
  readonly terminal: Terminal
  readonly machine: Machine
  readonly run: RunProgram
  readonly clock: Clock
  /** Where relative paths start. */
  readonly cwd: string
  /** Runs another command in this one's place. */
  readonly instead: (words: readonly string[]) => Promise<Ending>
}

/** The headings of the help. */
export const groups = ['Messages', 'Names and people', 'The hub', 'Assistants'] as const

/** One command: a file in `commands/` and a row in the program's table. */
export interface CommandModule {
  readonly name: string
  readonly group: (typeof groups)[number]
  readonly summary: string
  /** Lines that can be pasted. */
  readonly examples: readonly [string, ...string[]]
  /** Declares arguments and options; what the command does ends with `end`. */
  readonly define: (command: Command, context: CliContext, end: (ending: Ending) => void) => void
}
