import type { Receipt, ReceiptState, ReceiptStep, Route } from '../../protocol/index.ts'
import { quoted } from './sanitise.ts'
import { moment } from './words.ts'

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

/** A message with what became of it for each recipient, on a line each. */
export function receiptText({ id, to, sentAt, excerpt, recipients, queued }: Receipt, now: number): string {
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
