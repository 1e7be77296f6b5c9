import { z } from 'zod'
import { untilArrived } from '../arrivals.ts'
import { notRegistered } from '../refusal.ts'
import { done, refused } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { count } from '../../wording/words.ts'

export const check = defineTool({
  name: 'check',
  title: 'Check messages',
  description: 'Show unread messages. Asks the hub, so that "no new messages" is true.',
  essential: true,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({}),
  output: z.object({ waiting: z.int().describe('Messages that the hub held unread when it was asked.') }),
  async run(_input, { client, inbox, clock }, { signal }) {
    const { agent } = await client.request('status', {}, { signal })
    if (!agent) return refused(notRegistered)
    await untilArrived(inbox, clock, agent.waiting, signal)
    return done((shown) => (shown === 0 ? 'No new messages.' : `${count(shown, 'new message')}, below.`), {
      waiting: agent.waiting,
    })
  },
})
