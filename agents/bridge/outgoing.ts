import { basename } from 'node:path'
import { z } from 'zod'
import { limits, type Data } from '../../protocol/index.ts'
import { refusedHere } from '../client/failures.ts'
import type { Client, SendDraft } from '../client/index.ts'
import { bridgeLimits } from './limits.ts'
import type { OldBody } from './request.ts'
import { jsonBytes } from './size.ts'

/** What the older project's `share_file` puts into `data`. */
const SharedFile = z.looseObject({ type: z.literal('file'), filepath: z.string(), content: z.string() })

/**
 * An old message as the hub takes it. Its `data` could be of any size there: a file that was shared in it
 * becomes a file here, and what else is too large goes into the text, which has no such bound.
 */
export async function draftOf(client: Client, to: string, { content, data }: OldBody): Promise<SendDraft> {
  // The older project's MCP server sends an empty object where there is none.
  if (!data || (Object.keys(data).length === 0 && content !== '')) return checked({ to, content })
  if (jsonBytes(data) <= limits.dataBytes) return checked({ to, content, data })
  const shared = SharedFile.safeParse(data)
  if (shared.success && Buffer.byteLength(content) <= limits.inlineBytes) {
    const { content: bytes, ...rest } = shared.data
    const fileName = basename(rest.filepath).slice(-limits.fileNameLength)
    if (fileName !== '' && jsonBytes(rest) <= limits.dataBytes) {
      const about = { mediaType: 'text/plain; charset=utf-8', fileName }
      const { handle } = await client.upload(checkedText(bytes), about, { timeoutMs: bridgeLimits.hubMs })
      return { to, content, data: rest, blob: handle }
    }
  }
  return checked({ to, content: withData(content, data) })
}

/** A text with data behind it, for where data of its own has no room. */
export function withData(content: string, data: Data): string {
  return `${content}\n\nData:\n\n\`\`\`json\n${JSON.stringify(data, null, 2)}\n\`\`\``
}

function checked(draft: SendDraft & { content: string }): SendDraft {
  checkedText(draft.content)
  return draft
}

function checkedText(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  if (bytes.length > limits.blobBytes) {
    throw refusedHere(
      'too_large',
      `The text has ${bytes.length} bytes; ${limits.blobBytes} are allowed. Nothing was sent.`,
    )
  }
  return bytes
}
