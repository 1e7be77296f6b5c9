import { createHash } from 'node:crypto'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { z } from 'zod'
import { Blob, limits } from '../../protocol/index.ts'
import { WireError } from '../../protocol/codec.ts'
import type { Endpoint } from './address.ts'
import { ClientError } from './client.ts'
import type { Clock } from './clock.ts'
import { settledBy } from './deadline.ts'
import { misunderstood, refusal, unreachable } from './failures.ts'

/** Where blobs are, and the session that may have them. */
export interface BlobAccess {
  readonly endpoint: Endpoint
  readonly token: string
}

/** What the hub is told of a blob. `fileName` absent: a long text, and not a file. */
export interface BlobAbout {
  readonly mediaType: string
  readonly fileName?: string
}

interface Exchange {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Bytes of the answer at most. */
  readonly atMost: number
  readonly signal: AbortSignal
}

const ErrorBody = z.object({ error: WireError })

/** Milliseconds before a transfer that failed by itself is repeated. */
const retryMs = 500
/** Bytes of an answer that is no blob. */
const answerBytes = 64 * 1024

/** Stores bytes at the hub [P-40]. Rejects with `ClientError`; `hub_unreachable` where it may be repeated. */
export async function uploadBlob(
  access: BlobAccess,
  bytes: Uint8Array,
  { mediaType, fileName }: BlobAbout,
  signal: AbortSignal,
): Promise<Blob> {
  const answer = await exchange(access, {
    method: 'POST',
    path: '/blobs',
    headers: {
      'content-type': mediaType,
      'content-length': String(bytes.byteLength),
      ...(fileName !== undefined && { 'x-bellhop-file-name': encodeURIComponent(fileName) }),
    },
    body: bytes,
    atMost: answerBytes,
    signal,
  })
  const blob = Blob.safeParse(parseJson(answer))
  if (!blob.success) throw misunderstood("the hub's answer to an upload does not fit")
  return blob.data
}

/** Fetches the bytes of a blob whole, and checks that they are the ones that were announced. */
export async function downloadBlob(access: BlobAccess, blob: Blob, signal: AbortSignal): Promise<Uint8Array> {
  const path = `/blobs/${encodeURIComponent(blob.handle)}`
  const bytes = await exchange(access, { method: 'GET', path, atMost: Math.max(blob.size, answerBytes), signal })
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (bytes.byteLength !== blob.size || digest !== blob.sha256) {
    throw new ClientError({
      reason: 'internal',
      message: `The blob ${blob.handle} arrived damaged: its size or SHA-256 is not the announced one.`,
      next: 'Download it again; if it stays damaged, ask its sender to send it again.',
      temporary: true,
    })
  }
  return bytes
}

/** Moves bytes once. Undefined, after a pause, where the way to the hub failed and it may be repeated. */
export async function transferOnce<T>(
  clock: Clock,
  signal: AbortSignal,
  move: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await move()
  } catch (error) {
    if (!(error instanceof ClientError) || error.reason !== 'hub_unreachable' || signal.aborted) throw error
    return settledBy<undefined>(signal, (resolve) => clock.after(retryMs, () => resolve(undefined)))
  }
}

/** One HTTP exchange; the bytes of an answer of 2xx. */
async function exchange({ endpoint, token }: BlobAccess, request: Exchange): Promise<Buffer> {
  const { method, path, body, signal } = request
  const headers = { ...request.headers, authorization: `Bearer ${token}` }
  // No pooled connections: one to a hub that has restarted since would fail for no reason.
  const options: RequestOptions = { method, headers, agent: false, signal }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const outgoing = open(endpoint, path, options).on('response', resolve).on('error', reject)
  outgoing.end(body)
  try {
    const incoming = await promise
    const bytes = await collect(incoming, request.atMost)
    const status = incoming.statusCode ?? 0
    if (status >= 200 && status < 300) return bytes
    const refused = ErrorBody.safeParse(parseJson(bytes))
    throw refused.success ? refusal(refused.data.error) : unreachable(endpoint, `HTTP status ${status}`)
  } catch (error) {
    outgoing.destroy()
    if (signal.aborted && signal.reason instanceof ClientError) throw signal.reason
    if (error instanceof ClientError) throw error
    throw unreachable(endpoint, error instanceof Error ? error.message : String(error))
  }
}

function open(endpoint: Endpoint, path: string, options: RequestOptions): ReturnType<typeof requestHttp> {
  if (endpoint.kind === 'unix') return requestHttp({ ...options, socketPath: endpoint.path, path })
  const url = new URL(endpoint.url)
  url.pathname = url.pathname.replace(/\/+$/, '') + path
  url.protocol = endpoint.url.protocol === 'wss:' ? 'https:' : 'http:'
  return url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
}

/** Never holds more than was announced, whatever comes. */
async function collect(incoming: IncomingMessage, atMost: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > atMost) throw misunderstood(`an answer holds more than ${Math.min(atMost, limits.blobBytes)} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown
  } catch {
    return undefined
  }
}
