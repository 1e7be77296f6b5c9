import { moment } from '../../wording/words.ts'
import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { rememberRename } from '../identity.ts'

export const rename: CommandModule = {
  name: 'rename',
  group: 'Names and people',
  summary: 'Change your name. Your mail stays, and the old name forwards for a while.',
  examples: ['bellhop rename anna-debugging'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<name>', 'the new name')
      .action(async (wanted: string, options: AgentOptions) => {
        const ending = await asAgent(options, context, async ({ client }) => {
          const { name, previous, forwardsUntil } = await client.rename(wanted)
          rememberRename(context.machine.home, previous, name)
          const until = moment(forwardsUntil, context.clock.now())
          if (options.json) writeJson(context, { name, previous, forwardsUntil })
          else
            context.terminal.write(
              `"${previous}" is now "${name}". Mail to the old name is forwarded until ${until}.\n`,
            )
          return 'done'
        })
        end(ending)
      })
  },
}
