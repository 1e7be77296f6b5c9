import { z } from 'zod'
import { inputs } from '../inputs.ts'
import { done } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { count } from '../../wording/words.ts'

export const join = defineTool({
  name: 'join',
  title: 'Join a topic',
  description: 'Get what is sent to a topic from now on. A topic is a group with a name, such as "#frontend".',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ topic: inputs.topic.describe('The topic; the "#" may be left out.') }),
  output: z.object({ topic: z.string(), members: z.int(), joined: z.boolean() }),
  async run({ topic }, { client }, { signal }) {
    const result = await client.request('join', { topic }, { signal })
    const what = result.joined ? `You joined ${topic}` : `You were in ${topic} already`
    return done(
      `${what}: ${count(result.members, 'member')}. To write to all of them: send {"to":"${topic}",…}.`,
      result,
    )
  },
})
