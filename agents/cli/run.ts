import process from 'node:process'
import { systemClock } from '../client/clock.ts'
import { runProgram, thisMachine } from '../install/index.ts'
import { exitCodes } from './exit-codes.ts'
import { runProgramLine } from './program.ts'
import { processTerminal } from './terminal.ts'

/** A command that a person typed. */
export async function runCli(words: readonly string[]): Promise<void> {
  const context = {
    terminal: processTerminal,
    machine: thisMachine(),
    run: runProgram,
    clock: systemClock,
    cwd: process.cwd(),
  }
  // Whoever reads the output has gone, before there was an answer to what is shown.
  process.stdout.on('error', () => process.exit(exitCodes.failed.code))
  process.exitCode = await runProgramLine(words, context)
}
