import { z } from 'zod'
import { inputs } from '../inputs.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'

export const leave = defineTool({
  name: 'leave',
  title: 'Leave a topic',
  description: 'Get no more of what is sent to a topic. What had come stays readable.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ topic: inputs.topic.describe('The topic; the "#" may be left out.') }),
  output: z.object({ topic: z.string(), left: z.boolean() }),
  async run({ topic }, { client }, { signal }) {
    const result = await client.request('leave', { topic }, { signal })
    return done(result.left ? `You left ${topic}.` : `You were not in ${topic}; nothing changed.`, result)
  },
})
