import { z } from 'zod'
import { Blob, limits } from '../../protocol/index.ts'
import { WireError } from '../../protocol/codec.ts'
import { ClientError, type OnProgress } from './client.ts'
import type { Endpoint } from './endpoint.ts'
import { misunderstood, refusal, unreachable } from './failures.ts'
import { digest } from './proof.ts'

/** Where blobs are, the session that may have them, and the way to them. */
export interface BlobAccess {
  readonly endpoint: Endpoint
  readonly token: string
  readonly exchange: Exchange
}

/** What the hub is told of a blob. `fileName` absent: a long text, and not a file. */
export interface BlobAbout {
  readonly mediaType: string
  readonly fileName?: string
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Bytes of the answer at most. */
  readonly atMost: number
  readonly signal: AbortSignal
  /** Bytes of the body that were taken. An exchange that cannot tell says nothing. */
  readonly onSent?: ((bytes: number) => void) | undefined
  readonly onReceived?: ((bytes: number) => void) | undefined
}

/** How a large body moves. */
export interface Moving {
  readonly signal: AbortSignal
  readonly onProgress?: OnProgress | undefined
}

/** One HTTP exchange with the hub: status and whole body, also of a refusal. Rejects with whatever went wrong on the way. */
export type Exchange = (endpoint: Endpoint, request: HttpRequest) => Promise<{ status: number; bytes: Uint8Array }>

const ErrorBody = z.object({ error: WireError })

/** Bytes of an answer that is no blob. */
const answerBytes = 64 * 1024

/** Stores bytes at the hub [P-40]. Rejects with `ClientError`; `hub_unreachable` where it may be repeated. */
export async function uploadBlob(
  access: BlobAccess,
  bytes: Uint8Array,
  { mediaType, fileName }: BlobAbout,
  { signal, onProgress }: Moving,
): Promise<Blob> {
  const answer = await bytesOf(access, {
    method: 'POST',
    path: '/blobs',
    headers: {
      'content-type': mediaType,
      ...(fileName !== undefined && { 'x-bellhop-file-name': encodeURIComponent(fileName) }),
    },
    body: bytes,
    atMost: answerBytes,
    signal,
    onSent: onProgress && ((sent) => onProgress(sent, bytes.byteLength)),
  })
  const blob = Blob.safeParse(parseJson(answer))
  if (!blob.success) throw misunderstood("the hub's answer to an upload does not fit")
  return blob.data
}

/** Fetches the bytes of a blob whole, and checks that they are the ones that were announced. */
export async function downloadBlob(
  access: BlobAccess,
  blob: Blob,
  { signal, onProgress }: Moving,
): Promise<Uint8Array> {
  const path = `/blobs/${encodeURIComponent(blob.handle)}`
  const atMost = Math.max(blob.size, answerBytes)
  const onReceived = onProgress && ((received: number) => onProgress(received, blob.size))
  const bytes = await bytesOf(access, { method: 'GET', path, headers: {}, atMost, signal, onReceived })
  if (bytes.byteLength !== blob.size || digest(bytes) !== blob.sha256) {
    throw new ClientError({
      reason: 'internal',
      message: `The blob ${blob.handle} arrived damaged: its size or SHA-256 is not the announced one.`,
      next: 'Download it again; if it stays damaged, ask its sender to send it again.',
      temporary: true,
    })
  }
  return bytes
}

/** A body as one piece. Never holds more than was announced, whatever comes. */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  { atMost, onReceived }: Pick<HttpRequest, 'atMost' | 'onReceived'>,
): Promise<Uint8Array> {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.byteLength
    if (size > atMost) throw misunderstood(`an answer holds more than ${Math.min(atMost, limits.blobBytes)} bytes`)
    kept.push(chunk)
    onReceived?.(size)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of kept) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

/** The bytes of an answer of 2xx; anything else is thrown as `ClientError`. */
async function bytesOf({ endpoint, token, exchange }: BlobAccess, request: HttpRequest): Promise<Uint8Array> {
  const { signal } = request
  try {
    const headers = { ...request.headers, authorization: `Bearer ${token}` }
    const { status, bytes } = await exchange(endpoint, { ...request, headers })
    if (status >= 200 && status < 300) return bytes
    const refused = ErrorBody.safeParse(parseJson(bytes))
    throw refused.success ? refusal(refused.data.error) : unreachable(endpoint, `HTTP status ${status}`)
  } catch (error) {
    if (signal.aborted && signal.reason instanceof ClientError) throw signal.reason
    if (error instanceof ClientError) throw error
    throw unreachable(endpoint, error instanceof Error ? error.message : String(error))
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown
  } catch {
    return undefined
  }
}
