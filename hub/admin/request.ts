import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { adminLimits } from '../../protocol/index.ts'
import type { Answer } from '../net/http.ts'

/** Reads a body no further than the limit, and checks its shape. */
export async function readJson<T extends z.ZodType>(
  request: IncomingMessage,
  schema: T,
): Promise<{ readonly value: z.output<T> } | { readonly refusal: Answer }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > adminLimits.requestBytes) return { refusal: tooLarge }
    chunks.push(chunk)
  }
  const checked = schema.safeParse(parse(Buffer.concat(chunks, bytes)))
  if (checked.success) return { value: checked.data }
  const issue = checked.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  return { refusal: misfit(`The request does not fit${where && ` at "${where}"`}: ${issue?.message ?? ''}.`) }
}

export function misfit(message: string): Answer {
  const next = 'Use the command line of the version that this hub has: both come in one package.'
  return { status: 400, failure: { reason: 'invalid_params', message, next } }
}

const tooLarge: Answer = {
  status: 413,
  failure: { reason: 'too_large', message: `A request may have ${adminLimits.requestBytes} bytes.` },
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
