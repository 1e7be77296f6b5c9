import { z } from 'zod'
import { inputs } from '../inputs.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'

export const rename = defineTool({
  name: 'rename',
  title: 'Rename',
  description:
    'Change your name. Your mail comes along, the old name forwards for two hours, and the others are told. Once an hour.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({ name: inputs.name.describe('The new name: 1 to 32 letters, digits, "-" or "_".') }),
  output: z.object({ name: z.string(), previous: z.string(), forwardsUntil: z.string() }),
  async run({ name }, { client, notes, place }, { signal }) {
    notes.expect(name)
    try {
      const renamed = await client.rename(name, { signal })
      await place.remember(renamed.name)
      return done(
        `You are now "${renamed.name}". Mail to "${renamed.previous}" is forwarded to you until ${renamed.forwardsUntil}, and its senders are told the new name.`,
        renamed,
      )
    } catch (error) {
      notes.unexpect(name)
      throw error
    }
  },
})
