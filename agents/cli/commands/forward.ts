import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import type { CommandModule } from '../command.ts'
import { lastRead } from '../last-read.ts'
import { withTransfer } from '../transfer.ts'
import { deliver } from './send.ts'

export const forward: CommandModule = {
  name: 'forward',
  group: 'Messages',
  summary: 'Pass the last message that you have read on to somebody, saying who wrote it.',
  examples: ['bellhop forward barney'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('<to>', 'a name, or a topic with "#" before it')
      .action(async (to: string, options: AgentOptions) => {
        const ending = await asAgent(options, context, async (agent) => {
          const { from, sentAt, content, data, blob } = await lastRead(agent)
          const text =
            blob && blob.fileName === undefined
              ? await wholeText(
                  withTransfer('Fetching', context.terminal, (moving) => agent.client.download(blob, moving)),
                )
              : content
          const draft = {
            to,
            content: `Forwarded by ${agent.name}; ${from} wrote on ${sentAt}:\n\n${text}`,
            ...(data !== undefined && { data }),
            ...(blob?.fileName !== undefined && { blob: blob.handle }),
          }
          return deliver(draft, agent, context, options)
        })
        end(ending)
      })
  },
}

async function wholeText(bytes: Promise<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await bytes)
}
