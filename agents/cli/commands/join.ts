import { count } from '../../wording/words.ts'
import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { topicName } from '../topic.ts'

export const join: CommandModule = {
  name: 'join',
  group: 'Names and people',
  summary: 'Get what is sent to a #topic from now on.',
  examples: ["bellhop join '#frontend'", 'bellhop join frontend'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<topic>', 'the topic; its "#" may be left out, since shells take it for a comment')
      .action(async (wanted: string, options: AgentOptions) => {
        const ending = await asAgent(options, context, async ({ client, name }) => {
          const { topic, members, joined } = await client.request('join', { topic: topicName(wanted) })
          const news = joined
            ? `${name} gets what is sent to ${topic} from now on.`
            : `${name} had joined ${topic} before.`
          if (options.json) writeJson(context, { topic, members, joined })
          else context.terminal.write(`${news} It has ${count(members, 'member')}.\n`)
          return 'done'
        })
        end(ending)
      })
  },
}
