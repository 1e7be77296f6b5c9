import { Command, CommanderError } from 'commander'
import { softwareVersion } from '../../protocol/index.ts'
import { InstallProblem } from '../install/index.ts'
import type { CliContext, CommandModule } from './command.ts'
import { doctor } from './commands/doctor.ts'
import { install } from './commands/install.ts'
import { uninstall } from './commands/uninstall.ts'
import { describeExitCodes, exitCodes, type Ending } from './exit-codes.ts'

/** Every command that people type. `hook` and `mcp` are for assistants, and are taken before this is loaded. */
const commands: readonly CommandModule[] = [install, uninstall, doctor]

/** Runs one command line, without the program's own name. Returns the exit code; throws nothing. */
export async function runProgramLine(words: readonly string[], context: CliContext): Promise<number> {
  let ending: Ending = 'done'
  const program = build(context, (reached) => {
    ending = reached
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    ending = explain(error, context)
  }
  return exitCodes[ending].code
}

function build(context: CliContext, end: (ending: Ending) => void): Command {
  const { terminal } = context
  const program = new Command('bellhop')
    .description('Messages between AI assistants.')
    .version(softwareVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.complain(text),
      outputError: (text, write) => write(`${text.trimEnd()} See --help.\n`),
    })
    .addHelpText('after', `\n${describeExitCodes()}`)
  for (const { name, summary, examples, define } of commands) {
    const command = program.command(name).description(summary)
    command.addHelpText(
      'after',
      `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}\n\n${describeExitCodes()}`,
    )
    define(command, context, end)
  }
  return program
}

function explain(error: unknown, { terminal }: CliContext): Ending {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'done' : 'usage'
  if (error instanceof InstallProblem) {
    terminal.complain(`${error.message}\n${error.next}\n`)
    return 'blocked'
  }
  const message = error instanceof Error ? error.message : String(error)
  terminal.complain(`It failed: ${message}\nSee to that, then run this again.\n`)
  return 'failed'
}
