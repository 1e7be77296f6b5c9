import { everyone } from '../../../protocol/index.ts'
import { asAgent, declareAgentOptions, type Agent, type AgentOptions } from '../agent.ts'
import type { CommandModule } from '../command.ts'
import type { Ending } from '../exit-codes.ts'
import { readText } from '../text.ts'
import { deliver } from './send.ts'

export const broadcast: CommandModule = {
  name: 'broadcast',
  group: 'Messages',
  summary: 'Send a message to everyone who is registered.',
  examples: ['bellhop broadcast team meeting in 5', 'uptime | bellhop broadcast -'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<text...>', 'the text, or "-" for stdin')
      .action(async (words: string[], options: AgentOptions) => {
        const content = await readText(words, context.terminal)
        const draft = { to: everyone, content }
        const work = (agent: Agent): Promise<Ending> => deliver(draft, agent, context, options)
        end(await asAgent(options, context, work, { announcesName: true }))
      })
  },
}
