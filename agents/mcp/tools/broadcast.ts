import { z } from 'zod'
import { everyone } from '../../../protocol/index.ts'
import { inputs } from '../inputs.ts'
import { defineTool } from '../tool.ts'
import { send, Sent } from './sent.ts'

export const broadcast = defineTool({
  name: 'broadcast',
  title: 'Broadcast',
  description: 'Send a message to every registered agent except you. The same as send to "#all".',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    content: inputs.content.describe('The text.'),
    data: inputs.data.optional().describe('Structured data beside the text: a JSON object, at most 10 KiB.'),
  }),
  output: Sent,
  run: (draft, context, call) => send({ ...draft, to: everyone }, 'Your broadcast', context, call),
})
