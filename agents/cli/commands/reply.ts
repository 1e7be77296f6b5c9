import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import type { CommandModule } from '../command.ts'
import { quoted } from '../../wording/sanitise.ts'
import { lastRead } from '../last-read.ts'
import { readText } from '../text.ts'
import { deliver } from './send.ts'

export const reply: CommandModule = {
  name: 'reply',
  group: 'Messages',
  summary: 'Answer the last message that you have read.',
  examples: ['bellhop reply got it', 'cat answer.md | bellhop reply -'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<text...>', 'the text, or "-" for stdin')
      .action(async (words: string[], options: AgentOptions) => {
        const content = await readText(words, context.terminal)
        const ending = await asAgent(options, context, async (agent) => {
          const { id, from, thread, content: said } = await lastRead(agent)
          if (!options.json) context.terminal.write(`Answering ${from}: ${quoted(excerpt(said))}\n`)
          const draft = { to: from, content, replyTo: id, ...(thread !== undefined && { thread }) }
          return deliver(draft, agent, context, options)
        })
        end(ending)
      })
  },
}

/** Characters of what is answered: enough to know it again. */
const excerptLength = 60

function excerpt(text: string): string {
  return text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text
}
