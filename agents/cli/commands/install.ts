import { Argument } from 'commander'
import { assistantIds, assistants, type AssistantId } from '../../assistants/index.ts'
import { carryOut, openRecords, planInstall, prove, recipes } from '../../install/index.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { askFor, type ConsentOptions } from './consent.ts'

interface InstallOptions extends ConsentOptions {
  readonly hooks?: true
  readonly verify: boolean
}

export const install: CommandModule = {
  name: 'install',
  group: 'Assistants',
  summary: 'Make an assistant know Bellhop, in the files of this user.',
  examples: [
    'bellhop install claude-code --hooks',
    'bellhop install codex --dry-run     only show what would change',
    'bellhop install cursor --yes        without being asked',
  ],
  define(command, context, end) {
    command
      .addArgument(new Argument('<assistant>', 'which one').choices(assistantIds))
      .option('--hooks', 'also the hooks (for opencode the plugin) that show mail and wake an idle session')
      .option('--yes', 'do not ask')
      .option('--dry-run', 'show the changes, and make none')
      .option('--no-verify', "do not ask the assistant's own program whether it sees Bellhop")
      .action(async (assistant: AssistantId, options: InstallOptions) => end(await run(assistant, options, context)))
  },
}

async function run(assistant: AssistantId, options: InstallOptions, context: CliContext): Promise<Ending> {
  const { terminal, machine } = context
  const { title } = assistants[assistant]
  const recipe = recipes[assistant]
  if (options.hooks && !recipe.hooks) {
    terminal.complain(
      `${title} has no hooks that Bellhop could use for all your projects. Run it without --hooks: mail then comes with the results of its tools.\n`,
    )
    return 'usage'
  }
  const records = openRecords(machine.home, assistant)
  const plan = planInstall(recipe, machine, records, { hooks: options.hooks ?? false })
  if (plan.files.length === 0) {
    terminal.write(`${title} knows Bellhop already: nothing needs to change.\n`)
    return 'done'
  }
  const refusal = await askFor(plan, options, terminal)
  if (refusal) return refusal
  carryOut(plan, records)
  terminal.write(`${title} knows Bellhop now. Sessions that are open see it when they are started again.\n`)
  if (options.hooks && recipe.hookNote) terminal.write(`${recipe.hookNote}\n`)
  if (options.verify && recipe.proof) {
    const { isGood, text } = await prove(recipe.proof, context.run, machine)
    if (isGood) terminal.write(`${text}\n`)
    else terminal.complain(`${text}\n`)
  }
  return 'done'
}
