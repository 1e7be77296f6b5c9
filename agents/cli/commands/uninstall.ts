import { Argument } from 'commander'
import { assistantIds, assistants, type AssistantId } from '../../assistants/index.ts'
import { carryOut, openRecords, planUninstall, recipes } from '../../install/index.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { askFor, type ConsentOptions } from './consent.ts'

export const uninstall: CommandModule = {
  name: 'uninstall',
  group: 'Assistants',
  summary: 'Undo "bellhop install": the files are as they were before, or without what is Bellhop\'s.',
  examples: ['bellhop uninstall claude-code', 'bellhop uninstall codex --dry-run     only show what would change'],
  define(command, context, end) {
    command
      .addArgument(new Argument('<assistant>', 'which one').choices(assistantIds))
      .option('--yes', 'do not ask')
      .option('--dry-run', 'show the changes, and make none')
      .action(async (assistant: AssistantId, options: ConsentOptions) => end(await run(assistant, options, context)))
  },
}

async function run(assistant: AssistantId, options: ConsentOptions, context: CliContext): Promise<Ending> {
  const { terminal, machine } = context
  const { title } = assistants[assistant]
  const records = openRecords(machine.home, assistant)
  const plan = planUninstall(recipes[assistant], machine, records)
  if (plan.files.length === 0) {
    terminal.write(`Nothing of Bellhop is in the files of ${title}: nothing needs to change.\n`)
    if (!options.dryRun) carryOut(plan, records)
    return 'done'
  }
  const refusal = await askFor(plan, options, terminal)
  if (refusal) return refusal
  carryOut(plan, records)
  terminal.write(
    `${title} does not know Bellhop any more. Sessions that are open notice when they are started again.\n`,
  )
  return 'done'
}
