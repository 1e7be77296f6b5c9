import { z } from 'zod'
import { inputs } from '../inputs.ts'
import { notRegistered } from '../refusal.ts'
import { readShareable } from '../share/file.ts'
import { refused } from '../outcome.ts'
import { defineTool } from '../tool.ts'
import { size } from '../words.ts'
import { send, Sent } from './sent.ts'

/** Bytes of a text that is sent inside the message: with path and description it stays below the hub's inline limit. */
const inlineBytes = 8 * 1024

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
    const { file } = read
    // The path stands in the text, which every reader sees.
    const data = { kind: 'file', size: file.bytes.byteLength, ...(description && { description }) }
    const head = `File ${file.path} (${size(file.bytes.byteLength)})${description ? `: ${description}` : ''}`
    const what = `The file "${file.name}"`
    if (file.text !== undefined && file.bytes.byteLength <= inlineBytes) {
      return await send({ to, content: `${head}\n\n${file.text}`, data }, what, context, call)
    }
    const mediaType = file.text === undefined ? 'application/octet-stream' : 'text/plain; charset=utf-8'
    const blob = await client.upload(file.bytes, { mediaType, fileName: file.name }, { signal: call.signal })
    return await send({ to, content: head, data, blob: blob.handle }, what, context, call)
  },
})
