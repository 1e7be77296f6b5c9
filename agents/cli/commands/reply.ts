import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import type { CommandModule } from '../command.ts'
import { lastReceived } from '../last-received.ts'
import { readText } from '../text.ts'
import { deliver } from './send.ts'

export const reply: CommandModule = {
  name: 'reply',
  group: 'Messages',
  summary: 'Answer the last message that came.',
  examples: ['bellhop reply got it', 'cat answer.md | bellhop reply -'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<text...>', 'the text, or "-" for stdin')
      .action(async (words: string[], options: AgentOptions) => {
        const content = await readText(words, context.terminal)
        const ending = await asAgent(options, context, async (agent) => {
          const { id, from, thread } = await lastReceived(agent)
          const draft = { to: from, content, replyTo: id, ...(thread !== undefined && { thread }) }
          return deliver(draft, agent, context, options)
        })
        end(ending)
      })
  },
}
