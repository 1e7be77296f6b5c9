import type { Command } from 'commander'
import type { Machine, RunProgram } from '../install/index.ts'
import type { Ending } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** What commands are given in place of the process they run in. */
export interface CliContext {
  readonly terminal: Terminal
  readonly machine: Machine
  readonly run: RunProgram
}

/** One command: a file in `commands/` and a row in the program's table. */
export interface CommandModule {
  readonly name: string
  readonly summary: string
  /** Lines that can be pasted. */
  readonly examples: readonly [string, ...string[]]
  /** Declares arguments and options; what the command does ends with `end`. */
  readonly define: (command: Command, context: CliContext, end: (ending: Ending) => void) => void
}
