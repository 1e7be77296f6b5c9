import { count } from '../../wording/words.ts'
import { asAgent, declareAgentOptions, type Agent, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CliContext, CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { rememberRename } from '../identity.ts'

interface ReleaseOptions extends AgentOptions {
  readonly yes?: true
}

export const release: CommandModule = {
  name: 'release',
  group: 'Names and people',
  summary: 'Give your name up. Unread mail bounces, and its senders are told.',
  examples: ['bellhop release --as anna --yes'],
  define(command, context, end) {
    declareAgentOptions(command)
      .option('--yes', 'do not ask')
      .action(async (options: ReleaseOptions) =>
        end(await asAgent(options, context, (agent) => run(agent, context, options))),
      )
  },
}

async function run(
  { client, name, attached }: Agent,
  context: CliContext,
  { yes, json }: ReleaseOptions,
): Promise<Ending> {
  const { terminal, machine } = context
  const mail = attached.waiting > 0 ? ` ${count(attached.waiting, 'unread message')} will bounce.` : ''
  if (!yes && !terminal.isInteractive) {
    terminal.complain(`Nothing was changed: there is no terminal to ask at. Add --yes to give "${name}" up.${mail}\n`)
    return 'unasked'
  }
  if (!yes && !(await terminal.confirm(`Give "${name}" up? Anybody may take it then.${mail}`))) {
    terminal.write('Nothing was changed.\n')
    return 'declined'
  }
  const { bounced } = await client.release()
  rememberRename(machine.home, name, undefined)
  if (json) writeJson(context, { name, bounced })
  else terminal.write(`"${name}" is free again.${bounced > 0 ? ` ${count(bounced, 'unread message')} bounced.` : ''}\n`)
  return 'done'
}
