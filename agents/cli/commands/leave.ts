import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { topicName } from '../topic.ts'

export const leave: CommandModule = {
  name: 'leave',
  group: 'Names and people',
  summary: 'Get no more of a #topic. What had come before stays readable.',
  examples: ['bellhop leave frontend'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<topic>', 'the topic; its "#" may be left out')
      .action(async (wanted: string, options: AgentOptions) => {
        const ending = await asAgent(options, context, async ({ client, name }) => {
          const { topic, left } = await client.request('leave', { topic: topicName(wanted) })
          const news = left ? `${name} gets no more of ${topic}.` : `${name} had not joined ${topic}; nothing changed.`
          if (options.json) writeJson(context, { topic, left })
          else context.terminal.write(`${news}\n`)
          return 'done'
        })
        end(ending)
      })
  },
}
