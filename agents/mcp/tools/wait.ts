import { z } from 'zod'
import { waitFor } from '../arrivals.ts'
import { inputs } from '../inputs.ts'
import { reportProgress } from '../progress.ts'
import { notRegistered } from '../refusal.ts'
import { done, refused } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { count } from '../../wording/words.ts'

/** Seconds: below the shortest tool timeout of the assistants (about 60 s). */
const defaultSeconds = 50
const maxSeconds = 3_600

export const wait = defineTool({
  name: 'wait',
  title: 'Wait for messages',
  description:
    'Block until a message arrives, and show it at once. Ends after 50 seconds with a normal "nothing yet": call it again to go on waiting. Longer only where your tool calls may last that long.',
  essential: true,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    seconds: inputs.int(1, maxSeconds).default(defaultSeconds).describe('Default 50. At most 3600.'),
  }),
  output: z.object({ waitedSeconds: z.int() }),
  route: 'wait',
  async run({ seconds }, { client, inbox, reach, clock }, call) {
    if (!client.registration) return refused(notRegistered)
    const startedAt = clock.now()
    if (!inbox.hasInterrupting()) {
      const unblocked = reach.open('wait')
      const stopProgress = reportProgress('Waiting for messages', seconds, clock, call)
      await waitFor(inbox, clock, () => inbox.hasInterrupting(), seconds * 1000, call.signal)
      stopProgress()
      unblocked()
    }
    const waitedSeconds = Math.round((clock.now() - startedAt) / 1000)
    return done(
      (shown) =>
        shown === 0
          ? `Nothing yet after ${count(waitedSeconds, 'second')}. Call wait again to go on waiting.`
          : `${count(shown, 'new message')} after ${count(waitedSeconds, 'second')}, below.`,
      { waitedSeconds },
    )
  },
})
