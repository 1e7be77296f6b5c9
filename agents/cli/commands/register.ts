import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { remember } from '../identity.ts'
import { count } from '../../wording/words.ts'

export const register: CommandModule = {
  name: 'register',
  group: 'Names and people',
  summary: 'Take a name; this terminal goes by it from then on.',
  examples: ['bellhop register anna', 'bellhop register anna --json'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<name>', 'the name: letters, digits, "-" and "_", at most 32')
      .action(async (name: string, options: AgentOptions) => {
        const ending = await asAgent(
          { ...options, as: name },
          context,
          ({ attached }) => {
            const { created, waiting, topics, autoCheck } = attached
            remember(context.machine.home, attached.name)
            if (options.json) {
              writeJson(context, { name: attached.name, created, waiting, topics, autoCheck })
            } else {
              const news = created ? 'is yours' : 'is yours, as before'
              const mail = waiting > 0 ? ` ${count(waiting, 'unread message')}: bellhop check` : ' No unread messages.'
              context.terminal.write(`"${attached.name}" ${news}.${mail}\n`)
            }
            return Promise.resolve('done')
          },
          { announcesName: true },
        )
        end(ending)
      })
  },
}
