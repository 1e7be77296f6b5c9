import { z } from 'zod'
import { nameKey, type AutoCheck } from '../../../protocol/index.ts'
import { untilArrived } from '../arrivals.ts'
import { ClientError } from '../../client/client.ts'
import { isHeldBefore } from '../desk/siblings.ts'
import { inputs } from '../inputs.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { count } from '../../wording/words.ts'

export const register = defineTool({
  name: 'register',
  title: 'Register',
  description:
    'Take a name on Bellhop, or come back to it: mail that waits for it is delivered. Needed once before anything else. The name stays yours (a key for it is kept on this machine).',
  essential: true,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    name: inputs.name.describe('1 to 32 letters, digits, "-" or "_", for example "rose".'),
    takeOver: z
      .boolean()
      .default(false)
      .describe('Disconnect another live session of yours that uses this name. Only when your user wants that.'),
  }),
  output: z.object({
    name: z.string(),
    created: z.boolean().describe('True when the name was registered for the first time.'),
    waiting: z.int().describe('Unread messages.'),
    topics: z.array(z.string()),
  }),
  async run({ name, takeOver }, context, { signal }) {
    const { client, inbox, clock, place } = context
    const before = client.registration?.name
    const { state } = client
    if (state.kind === 'registered' && nameKey(state.name) === nameKey(name)) {
      return done(`You are registered as "${state.name}" already.`, {
        name: state.name,
        created: false,
        waiting: inbox.held,
        topics: [...(client.registration?.topics ?? [])],
      })
    }
    const attached = await client.register({ name, takeOver }, { signal }).catch(async (error: unknown) => {
      const isOurs =
        error instanceof ClientError && error.reason === 'name_in_use' && (await isHeldBefore(name, context))
      if (!isOurs) throw error
      return await client.register({ name, takeOver: true }, { signal })
    })
    await place.remember(attached.name)
    await untilArrived(inbox, clock, attached.waiting, signal)
    const { created, waiting, topics, autoCheck } = attached
    const changed =
      before !== undefined && nameKey(before) !== nameKey(name)
        ? ` Mail for "${before}" stays in its mailbox: to keep one mailbox under a new name, use rename.`
        : ''
    const greeting = created ? 'a new name' : 'welcome back'
    return done(
      `You are "${attached.name}" on Bellhop (${greeting}). ${count(waiting, 'message')} waiting.${changed}` +
        ` Mail comes with the result of every Bellhop tool; wait blocks until some comes.${autoCheckText(autoCheck)}`,
      { name: attached.name, created, waiting, topics },
    )
  },
})

/** What an earlier session has chosen, where it is not the usual: nobody would look for it. */
function autoCheckText({ enabled, minutes }: AutoCheck): string {
  if (!enabled)
    return ' Auto-check is off for this name: nothing else announces mail (auto_check {"action":"start"} turns it on).'
  if (minutes === 0) return ''
  return ` Auto-check collects mail for this name for ${count(minutes, 'minute')} at a time (auto_check changes that).`
}
