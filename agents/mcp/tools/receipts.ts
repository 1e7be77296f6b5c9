import { z } from 'zod'
import { limits, ReceiptState, Route, type Receipt, type ReceiptStep } from '../../../protocol/index.ts'
import { inputs } from '../inputs.ts'
import { quoted } from '../mail/sanitise.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { moment } from '../words.ts'

const stateWords: Readonly<Record<ReceiptState, string>> = {
  queued: 'waits on disk, not seen yet',
  offered: 'offered',
  shown: 'shown',
  answered: 'answered',
  expired: 'expired before it was seen',
  bounced: 'bounced: not delivered',
}

const routeWords: Readonly<Record<Route, string>> = {
  wait: 'in a wait',
  tool_result: 'in a tool result',
  channel: 'through a channel',
  hook: 'by a hook',
  wake: 'by waking it',
  resource: 'as a resource',
  fetch: 'when it looked at its mail',
}

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

function receiptText({ id, to, sentAt, excerpt, recipients, queued }: Receipt, now: number): string {
  const rows = recipients.map(({ name, state, steps }) => `  - ${name}: ${stepsText(state, steps, now)}`)
  const rest = queued > 0 ? [`  - ${queued}${recipients.length > 0 ? ' more' : ''} for whom it waits`] : []
  return [`${id} to ${to}, sent ${moment(sentAt, now)}: ${quoted(excerpt)}`, ...rows, ...rest].join('\n')
}

/** Every step after the storing, with its route and time. */
export function stepsText(state: ReceiptState, steps: readonly ReceiptStep[], now: number): string {
  const words = steps.filter((step) => step.state !== 'queued').map((step) => stepText(step, now))
  return words.join('; then ') || stateWords[state]
}

/** "shown in a wait, 2026-11-22T11:30:00.000Z (30 minutes ago)" */
function stepText({ state, at, route }: ReceiptStep, now: number): string {
  const how = route ? ` ${routeWords[route]}` : ''
  // A wake-up holds no mail, it only announces it.
  const what = state === 'offered' && route === 'wake' ? 'announced' : stateWords[state]
  const doubt = state === 'offered' ? ' (no confirmation that it was seen)' : ''
  return `${what}${how}${doubt}, ${moment(at, now)}`
}

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
