import { z } from 'zod'
import type { MessageId, Outlook } from '../../../protocol/index.ts'
import type { SendDraft } from '../../client/client.ts'
import type { ShimContext, ToolCall } from '../context.ts'
import { outlookText } from '../../wording/presence.ts'
import { done, type Outcome } from '../outcome.ts'

/** What every tool that sends answers with. */
export const Sent = z.object({
  id: z.string().describe('The message id, for receipts.'),
  to: z.string().describe('Where it went: the new name where it was forwarded.'),
  recipient: z.enum(['online', 'away', 'unregistered', 'topic']),
  outlook: z.string().describe('How and when it will be seen.'),
})

/** Sends, and says how and when it will be seen. `what`: the thing that was sent, as the start of a sentence. */
export async function send(...message: Parameters<typeof deliver>): Promise<Outcome<z.input<typeof Sent>>> {
  const { summary, result } = await deliver(...message)
  return done(summary, result)
}

/** As `send`, for a tool that has more to say. */
export async function deliver(
  draft: SendDraft,
  what: string,
  { client, clock }: ShimContext,
  { signal }: ToolCall,
): Promise<{ summary: string; result: z.input<typeof Sent> & { id: MessageId }; outlook: Outlook }> {
  const { id, duplicate, outlook } = await client.send(draft, { signal })
  const sentence = outlookText(outlook, clock.now(), draft.priority)
  const again = duplicate ? ' (it had been accepted before)' : ''
  return {
    summary: `${what} was accepted as ${id} and is on disk${again}. ${sentence} receipts {"id":"${id}"} tells what became of it.`,
    result: { id, to: outlook.name, recipient: outlook.kind, outlook: sentence },
    outlook,
  }
}
