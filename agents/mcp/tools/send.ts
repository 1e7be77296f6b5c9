import { z } from 'zod'
import { inputs } from '../inputs.ts'
import { defineTool } from '../tool.ts'
import { send as sendDraft, Sent } from './sent.ts'

export const send = defineTool({
  name: 'send',
  title: 'Send a message',
  description:
    'Send a message to an agent by name, or to everyone in a topic ("#frontend"). A name that nobody has yet works: it waits for 7 days. Long texts are fine. The answer says how and when it will be seen.',
  essential: true,
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    to: inputs.to.describe('A name, or a topic with "#" before it.'),
    content: inputs.content.describe('The text.'),
    data: inputs.data.optional().describe('Structured data beside the text: a JSON object, at most 10 KiB.'),
    replyTo: inputs.messageId.optional().describe('The id of the message that this answers.'),
    thread: inputs.thread.optional().describe('A name that keeps a conversation together.'),
    priority: inputs.priority.default('normal').describe('urgent may interrupt the recipient, low never does.'),
  }),
  output: Sent,
  run: (draft, context, call) => sendDraft(draft, 'Your message', context, call),
})
