import { z } from 'zod'
import { limits, ReceiptState, Route, type Receipt } from '../../../protocol/index.ts'
import { receiptText } from '../../wording/receipts.ts'
import { inputs } from '../inputs.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'

export const receipts = defineTool({
  name: 'receipts',
  title: 'Receipts',
  description: 'What became of messages that you sent: queued, offered, shown, answered, expired or bounced.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
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
        recipients: z.array(
          z.object({
            name: z.string(),
            state: ReceiptState,
            at: z.string(),
            steps: z.array(z.object({ state: ReceiptState, at: z.string(), route: Route.optional() })),
          }),
        ),
        queued: z.int().describe('Recipients that are not listed: those for whom it only waits.'),
      }),
    ),
    more: z.boolean(),
  }),
  async run(query, { client, clock }, { signal }) {
    const { receipts, more } = await client.request('receipts', query, { signal })
    if (receipts.length === 0) return done('You have sent nothing that is still known.', { receipts: [], more })
    const text = receipts.map((receipt) => receiptText(receipt, clock.now())).join('\n')
    const rest = more ? `\n${olderText(query.limit)}` : ''
    return done(`${text}${rest}`, { receipts: receipts.map(withLastTimes), more })
  },
})

function olderText(limit: number): string {
  const larger = Math.min(limits.pageRows, limit * 2)
  return larger > limit
    ? `There are older ones: receipts {"limit":${larger}} shows more of them, and receipts {"id":"…"} one.`
    : 'There are older ones: receipts {"id":"…"} shows one.'
}

function withLastTimes({ recipients, ...receipt }: Receipt) {
  return {
    ...receipt,
    recipients: recipients.map((recipient) => ({ ...recipient, at: recipient.steps.at(-1)?.at ?? receipt.sentAt })),
  }
}
