import { z } from 'zod'
import type { Message, MessageId } from '../../../protocol/index.ts'
import { waitFor } from '../arrivals.ts'
import type { ShimContext } from '../context.ts'
import { inputs } from '../inputs.ts'
import { reportProgress } from '../progress.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { count } from '../../wording/words.ts'
import { stepsText } from '../../wording/receipts.ts'
import { deliver, Sent } from './sent.ts'

/** Seconds: below the shortest tool timeout of the assistants (about 60 s), with the time of the sending. */
const defaultSeconds = 45
const maxSeconds = 3_600
/** Milliseconds for asking what became of a question that was not answered. */
const receiptMs = 2_000

export const ask = defineTool({
  name: 'ask',
  title: 'Ask and wait for the answer',
  description:
    'Send a question to an agent and block until the answer to it comes (a message whose replyTo is its id). Ends after 45 seconds with a normal "no answer so far": the question stands, and the answer comes as mail later.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    to: inputs.to.describe('A name, or a topic with "#" before it: then the first answer counts.'),
    content: inputs.content.describe('The question.'),
    seconds: inputs.int(1, maxSeconds).default(defaultSeconds).describe('The deadline. Default 45, at most 3600.'),
    data: inputs.data.optional().describe('Structured data beside the text: a JSON object, at most 10 KiB.'),
    thread: inputs.thread.optional().describe('A name that keeps a conversation together.'),
    priority: inputs.priority.default('normal').describe('urgent may interrupt the recipient, low never does.'),
  }),
  output: Sent.extend({
    end: z
      .enum(['answered', 'failed', 'interrupted', 'deadline', 'not_waited'])
      .describe(
        'answered: the answer stands below. failed: it bounced or expired. interrupted: urgent mail of somebody else came first. deadline: no answer so far. not_waited: nobody has that name so far.',
      ),
    answerId: z.string().optional(),
    waitedSeconds: z.int(),
  }),
  route: 'wait',
  async run({ seconds, ...draft }, context, call) {
    const { inbox, clock } = context
    const { summary, result, outlook } = await deliver(draft, 'Your question', context, call)
    const isAlone = outlook.name === context.client.registration?.name
    if (outlook.kind === 'unregistered' || isAlone) {
      const why = isAlone ? 'You have asked yourself.' : 'Nobody is there to answer now.'
      return done(`${summary} ${why} Not waiting.`, { ...result, end: 'not_waited' as const, waitedSeconds: 0 })
    }
    const startedAt = clock.now()
    const stopProgress = reportProgress('Waiting for the answer', seconds, clock, call)
    const reason = (): Message | undefined => whatEnds(inbox.unread(), result.id)
    await waitFor(inbox, clock, () => reason() !== undefined, seconds * 1000, call.signal)
    stopProgress()
    const waitedSeconds = Math.round((clock.now() - startedAt) / 1000)
    const message = reason()
    const end = endOf(message, result.id)
    const fate = end === 'deadline' ? await fateOf(result.id, context) : ''
    return done(
      endText[end](waitedSeconds, result.id) + fate,
      { ...result, end, waitedSeconds, ...(end === 'answered' && message && { answerId: message.id }) },
      message?.id,
    )
  },
})

/** The answer, the notice that there will be none, or urgent mail, which is allowed to interrupt [D-9]. */
function whatEnds(unread: readonly Message[], id: MessageId): Message | undefined {
  return unread.find(({ replyTo }) => replyTo === id) ?? unread.find(({ priority }) => priority === 'urgent')
}

function endOf(message: Message | undefined, id: MessageId): 'answered' | 'failed' | 'interrupted' | 'deadline' {
  if (!message) return 'deadline'
  if (message.replyTo !== id) return 'interrupted'
  return message.kind === 'notice' ? 'failed' : 'answered'
}

const endText = {
  answered: (seconds: number, id: string) => `The answer to ${id} came after ${count(seconds, 'second')}, below.`,
  failed: (_seconds: number, id: string) => `There will be no answer to ${id}: the notice below says why.`,
  interrupted: (seconds: number, id: string) =>
    `Interrupted by urgent mail after ${count(seconds, 'second')}, below. Your question ${id} stands: its answer comes as mail, and wait waits for it.`,
  deadline: (seconds: number, id: string) =>
    `No answer to ${id} within ${count(seconds, 'second')}. The question stands: its answer comes as mail, and wait waits for it.`,
} as const

/** What became of the question so far, where the hub says it in time. */
async function fateOf(id: MessageId, { client, clock }: ShimContext): Promise<string> {
  try {
    const { receipts } = await client.request('receipts', { id }, { timeoutMs: receiptMs })
    const recipients = receipts[0]?.recipients ?? []
    const fates = recipients.map(({ name, state, steps }) => `${name}: ${stepsText(state, steps, clock.now())}`)
    return fates.length > 0 ? ` So far: ${fates.join('; ')}.` : ' Nobody has seen it so far.'
  } catch {
    return ''
  }
}
