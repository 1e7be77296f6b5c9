import { limits } from '../../../protocol/index.ts'
import { receiptText } from '../../wording/receipts.ts'
import { asAgent, declareAgentOptions, type AgentOptions } from '../agent.ts'
import { writeJson } from '../json.ts'
import type { CommandModule } from '../command.ts'
import { readCount } from '../text.ts'
import { messageId } from './send.ts'

const defaultRows = '20'

interface ReceiptsOptions extends AgentOptions {
  readonly limit: string
  readonly before?: string
}

export const receipts: CommandModule = {
  name: 'receipts',
  group: 'Messages',
  summary: 'What became of messages that you sent: queued, offered, shown, answered, expired or bounced.',
  examples: ['bellhop receipts', 'bellhop receipts --limit 1 --json'],
  define(command, context, end) {
    declareAgentOptions(command)
      .argument('[id]', 'only this message')
      .option('--limit <n>', 'at most so many, the newest', defaultRows)
      .option('--before <n>', 'go on further back: the "before" of an earlier answer')
      .action(async (id: string | undefined, options: ReceiptsOptions) => {
        const { before } = options
        const query = {
          limit: readCount('--limit', options.limit, 1, limits.pageRows),
          ...(id !== undefined && { id: messageId(id) }),
          ...(before !== undefined && { before: readCount('--before', before, 0, Number.MAX_SAFE_INTEGER) }),
        }
        const ending = await asAgent(options, context, async ({ client, name }) => {
          const { terminal, clock } = context
          const { receipts, more } = await client.request('receipts', query)
          const last = receipts.at(-1)
          const further = more && last ? Number(last.id.slice(last.id.lastIndexOf('-') + 1)) : undefined
          if (options.json) {
            writeJson(context, { receipts, ...(further !== undefined && { before: further }) })
            return 'done'
          }
          for (const receipt of receipts) terminal.write(`${receiptText(receipt, clock.now())}\n`)
          if (receipts.length === 0) terminal.write(`${name} has sent nothing that is still known.\n`)
          if (further !== undefined) terminal.complain(`There are older ones: add --before ${further}.\n`)
          return 'done'
        })
        end(ending)
      })
  },
}
