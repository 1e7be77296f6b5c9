import { z } from 'zod'
import { ReceiptState, type Receipt } from '../../../protocol/index.ts'
import { inputs } from '../inputs.ts'
import { quoted } from '../mail/sanitise.ts'
import { defineTool, done } from '../tool.ts'
import { moment } from '../words.ts'

const stateWords: Readonly<Record<ReceiptState, string>> = {
  queued: 'waits on disk, not seen yet',
  offered: 'offered by a route that cannot confirm that it was seen',
  shown: 'shown',
  answered: 'answered',
  expired: 'expired before it was seen',
  bounced: 'bounced: not delivered',
}

export const receipts = defineTool({
  name: 'receipts',
  title: 'Receipts',
  description: 'What became of messages that you sent: queued, offered, shown, answered, expired or bounced.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.object({
    id: inputs.messageId.optional().describe('Only this message.'),
    limit: inputs.page(20).describe('At most so many messages; default 20.'),
  }),
  output: z.object({
    receipts: z.array(
      z.object({
        id: z.string(),
        to: z.string(),
        sentAt: z.string(),
        excerpt: z.string(),
        recipients: z.array(z.object({ name: z.string(), state: ReceiptState, at: z.string() })),
        queued: z.int().describe('Recipients that are not listed: those for whom it only waits.'),
      }),
    ),
    more: z.boolean(),
  }),
  async run(query, { client, clock }, { signal }) {
    const { receipts, more } = await client.request('receipts', query, { signal })
    if (receipts.length === 0) return done('You have sent nothing that is still known.', { receipts: [], more })
    const text = receipts.map((receipt) => receiptText(receipt, clock.now())).join('\n')
    const rest = more ? '\nThere are older ones: ask with a larger limit, or for one id.' : ''
    return done(`${text}${rest}`, { receipts: receipts.map(withoutSteps), more })
  },
})

function receiptText({ id, to, sentAt, excerpt, recipients, queued }: Receipt, now: number): string {
  const rows = recipients.map(({ name, state, steps }) => {
    const last = steps.at(-1)
    const by = last?.route ? ` by ${last.route}` : ''
    return `  - ${name}: ${stateWords[state]}${by}${last ? `, ${moment(last.at, now)}` : ''}`
  })
  const rest = queued > 0 ? [`  - ${queued} ${recipients.length > 0 ? 'more' : ''} for whom it waits`] : []
  return [`${id} to ${to}, sent ${moment(sentAt, now)}: ${quoted(excerpt)}`, ...rows, ...rest].join('\n')
}

function withoutSteps({ recipients, ...receipt }: Receipt) {
  return {
    ...receipt,
    recipients: recipients.map(({ name, state, steps }) => ({ name, state, at: steps.at(-1)?.at ?? receipt.sentAt })),
  }
}
