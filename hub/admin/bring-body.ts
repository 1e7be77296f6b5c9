import type { IncomingMessage } from 'node:http'
import { limits, ownerHeader } from '../../protocol/index.ts'
import { BlobTooLarge, textMediaType } from '../blobs.ts'
import { hubAgent, type AgentId } from '../ledger/ledger.ts'
import type { Answer } from '../net/http.ts'
import type { AdminServices } from './admin.ts'
import { misfit } from './request.ts'

/** Stores the body of a large message, before the message that names it. */
export async function storeBody({ ledger, blobs, clock }: AdminServices, request: IncomingMessage): Promise<Answer> {
  const owner = ownerOf(request)
  if (owner === undefined) return misfit(`The header ${ownerHeader} holds no id.`)
  try {
    const blob = await blobs.store(request as AsyncIterable<Uint8Array>, { mediaType: textMediaType })
    await ledger.addBlob({ ...blob, owner, at: clock.now() })
    return { status: 201, json: blob }
  } catch (error) {
    if (!(error instanceof BlobTooLarge)) throw error
    return { status: 413, failure: { reason: 'too_large', message: `A body may have ${limits.blobBytes} bytes.` } }
  }
}

/** Whose upload it is: the sender's, who may read it again. */
export function ownerOf({ headers }: Pick<IncomingMessage, 'headers'>): AgentId | undefined {
  const text = headers[ownerHeader] ?? String(hubAgent)
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? (Number(text) as AgentId) : undefined
}
