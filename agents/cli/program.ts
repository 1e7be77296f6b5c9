import { Command, CommanderError } from 'commander'
import { softwareVersion } from '../../protocol/index.ts'
import type { CliContext, CommandModule } from './command.ts'
import { ask } from './commands/ask.ts'
import { autoCheck } from './commands/auto-check.ts'
import { backup } from './commands/backup.ts'
import { broadcast } from './commands/broadcast.ts'
import { check } from './commands/check.ts'
import { doctor } from './commands/doctor.ts'
import { down } from './commands/down.ts'
import { forward } from './commands/forward.ts'
import { history } from './commands/history.ts'
import { importMail } from './commands/import.ts'
import { install } from './commands/install.ts'
import { join } from './commands/join.ts'
import { leave } from './commands/leave.ts'
import { list } from './commands/list.ts'
import { programs } from './commands/programs.ts'
import { receipts } from './commands/receipts.ts'
import { register } from './commands/register.ts'
import { release } from './commands/release.ts'
import { rename } from './commands/rename.ts'
import { reply } from './commands/reply.ts'
import { restore } from './commands/restore.ts'
import { rotateSecret } from './commands/rotate-secret.ts'
import { say } from './commands/say.ts'
import { send } from './commands/send.ts'
import { shareFile } from './commands/share-file.ts'
import { status } from './commands/status.ts'
import { uninstall } from './commands/uninstall.ts'
import { up } from './commands/up.ts'
import { wait } from './commands/wait.ts'
import { describeExitCodes, exitCodes, type Ending } from './exit-codes.ts'
import { tellProblem } from './problem.ts'

/** Every command that people type, in the order of the help. `hook` is for assistants alone. */
export const commands: readonly CommandModule[] = [
  [send, ask, reply, forward, broadcast, shareFile, check, wait, history, receipts, autoCheck, say],
  [register, rename, release, join, leave, list],
  [up, down, status, backup, restore, importMail, rotateSecret],
  [install, uninstall, doctor],
  programs,
].flat()

type World = Omit<CliContext, 'instead'>

/** Runs one command line, without the program's own name. Returns the exit code; throws nothing. */
export async function runProgramLine(words: readonly string[], world: World): Promise<number> {
  return exitCodes[await runLine(words, world)].code
}

async function runLine(words: readonly string[], world: World): Promise<Ending> {
  let ending: Ending = 'done'
  const context: CliContext = { ...world, instead: (others) => runLine(others, world) }
  const program = build(context, (reached) => {
    ending = reached
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 'done' : 'usage'
    return tellProblem(error, { json: words.includes('--json') }, world.terminal)
  }
  return ending
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
  for (const { name, group, summary, examples, define } of commands) {
    const command = program.command(name).description(summary).helpGroup(`${group}:`)
    command.addHelpText(
      'after',
      `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}\n\n${describeExitCodes()}`,
    )
    define(command, context, end)
  }
  return program
}
