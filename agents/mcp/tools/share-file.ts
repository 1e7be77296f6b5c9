import { z } from 'zod'
import { inputs } from '../inputs.ts'
import { notRegistered } from '../refusal.ts'
import { draftOfFile, readShareable } from '../../mail/shareable.ts'
import { refused } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { send, Sent } from './sent.ts'

export const shareFile = defineTool({
  name: 'share_file',
  title: 'Share a file',
  description:
    "Send the content of a file (at most 16 MiB) to an agent or topic, with its path and a description. A small text comes in the message itself, anything else as a copy on the recipient's machine.",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: z.strictObject({
    to: inputs.to.describe('A name, or a topic with "#" before it.'),
    path: z.string().trim().min(1).max(4_096).describe('The file; a relative path starts from the working directory.'),
    description: inputs.description.optional().describe('What it is, for the recipient.'),
  }),
  output: Sent,
  async run({ to, path, description }, context, call) {
    const { client, cwd, home, env } = context
    if (!client.registration) return refused(notRegistered)
    const read = await readShareable({ path, cwd, home, userHome: env['HOME'] })
    if (read.kind === 'refused') return refused(read.refusal)
    const draft = await draftOfFile(read.file, { to, description }, (bytes, about) =>
      client.upload(bytes, about, { signal: call.signal }),
    )
    return await send(draft, `The file "${read.file.name}"`, context, call)
  },
})
