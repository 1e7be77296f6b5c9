import { limits } from '../../../protocol/index.ts'
import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { letterText } from '../mail.ts'
import { readCount } from '../text.ts'

const defaultRows = '20'

interface HistoryOptions extends AgentOptions {
  readonly with?: string
  readonly thread?: string
  readonly limit: string
  readonly before?: string
}

export const history: CommandModule = {
  name: 'history',
  group: 'Messages',
  summary: 'Messages that you sent or received, newest last. Looking changes nothing.',
  examples: ['bellhop history', 'bellhop history --with claude --limit 50', 'bellhop history --json'],
  define(command, context, end) {
    declareAgentOptions(command)
      .option('--with <name>', 'only those exchanged with this agent or #topic')
      .option('--thread <name>', 'only those of this thread')
      .option('--limit <n>', 'at most so many, the newest', defaultRows)
      .option('--before <n>', 'go on further back: the "before" of an earlier answer')
      .action(async (options: HistoryOptions) => {
        const { with: other, thread, before } = options
        const query = {
          limit: readCount('--limit', options.limit, 1, limits.pageRows),
          ...(other !== undefined && { with: other }),
          ...(thread !== undefined && { thread }),
          ...(before !== undefined && { before: readCount('--before', before, 0, Number.MAX_SAFE_INTEGER) }),
        }
        const ending = await asAgent(options, context, async ({ client, name }) => {
          const { terminal, clock } = context
          const { messages, more } = await client.request('history', query)
          const further = more ? messages.at(-1)?.seq : undefined
          if (options.json) {
            writeJson(context, { messages: messages.toReversed(), ...(further !== undefined && { before: further }) })
            return 'done'
          }
          // As one reads a conversation; the wire has the newest first.
          const texts = messages.toReversed().map((message) => letterText({ message }, terminal, clock.now()))
          terminal.write(texts.length > 0 ? texts.join('\n') : `No messages of ${name}.\n`)
          if (further !== undefined) terminal.complain(`There are older ones: add --before ${further}.\n`)
          return 'done'
        })
        end(ending)
      })
  },
}
