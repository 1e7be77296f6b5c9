import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import parseRange from 'range-parser'
import { encodeFailure, limits, softwareVersion, type Failure } from '../../protocol/index.ts'
import { hashToken } from '../auth.ts'
import { BlobTooLarge, type BlobStore } from '../blobs.ts'
import type { Clock } from '../clock.ts'
import { diskFailure } from '../failure.ts'
import type { Health } from '../health.ts'
import type { IncidentLog } from '../incidents.ts'
import { LedgerError, type AgentId, type Ledger } from '../ledger/ledger.ts'
import { errorFacts, type Log } from '../log.ts'
import type { Meter } from '../metrics/meter.ts'
import { answerOrigin } from './cors.ts'
import { addressOf } from './peer-address.ts'

/** What the HTTP side asks of the hub. */
export interface HttpServices {
  readonly ledger: Ledger
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly health: Health
  readonly log: Log
  readonly incidents: IncidentLog
  readonly meter: Pick<Meter, 'refused'>
}

/** Uploads at the same time: each may hold a file of 16 MiB open. */
const maxUploads = 16

/** An answer; `sent` where it was written already. */
export type Answer =
  | { readonly status: number; readonly json: object }
  | { readonly status: number; readonly failure: Failure }
  | { readonly status: 'sent' }

/** Some paths of one listener. */
export interface Front {
  /** Undefined where there is nothing at this path. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<Answer | undefined>
}

/** Everything that is asked over plain HTTP: `/healthz`, and blobs [P-40]. */
export class HttpFront {
  readonly #services: HttpServices
  readonly #fronts: readonly Front[]
  #uploads = 0

  /** `fronts`: what this listener has beyond what every one has; asked first, in their order. */
  constructor(services: HttpServices, fronts: readonly Front[] = []) {
    this.#services = services
    this.#fronts = fronts
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (answerOrigin(request, response)) return
      const answer = await this.#route(request, response)
      if (answer.status === 'sent') return
      if ('failure' in answer) this.#services.meter.refused(answer.failure.reason)
      const text =
        'json' in answer
          ? JSON.stringify(answer.json)
          : // The same shape as on the wire, without its envelope.
            JSON.stringify({ error: (JSON.parse(encodeFailure(null, answer.failure)) as { error: object }).error })
      respond(response, answer.status, text, { 'content-type': 'application/json' })
      // What is left of a refused body is not read.
      if (!request.complete) response.once('finish', () => request.destroy())
    } catch (error) {
      this.#services.log.error(errorFacts(error), 'an HTTP request failed')
      this.#services.health.failed(error)
      if (response.headersSent) response.destroy()
      else respond(response, error instanceof LedgerError ? 503 : 500, '')
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<Answer> {
    const { method } = request
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    for (const front of this.#fronts) {
      const answer = await front.handle(request, response, path)
      if (answer) return answer
    }
    if (path === '/healthz' && (method === 'GET' || method === 'HEAD')) return this.#healthz()
    const isUpload = path === '/blobs' && method === 'POST'
    const handle = /^\/blobs\/([A-Za-z0-9_-]{21})$/.exec(path)?.[1]
    if (!isUpload && !(handle !== undefined && (method === 'GET' || method === 'HEAD'))) {
      return {
        status: 404,
        failure: {
          reason: 'method_not_found',
          message: 'There is nothing at this address.',
          next: 'Connect with a WebSocket, or use GET /healthz, POST /blobs or GET /blobs/<handle>.',
        },
      }
    }
    const agent = await this.#agentOf(request)
    if (agent === undefined) {
      this.#services.incidents.report('refused a session over HTTP', { address: addressOf(request.socket), method })
      return {
        status: 401,
        failure: {
          reason: 'session_invalid',
          next: 'Register over the WebSocket, and send the session as "Authorization: Bearer <session>".',
        },
      }
    }
    return handle === undefined ? this.#upload(request, agent) : this.#download(request, response, agent, handle)
  }

  #healthz(): Answer {
    const { writable } = this.#services.health
    return { status: writable ? 200 : 503, json: { status: writable ? 'ok' : 'read-only', version: softwareVersion } }
  }

  async #agentOf(request: IncomingMessage): Promise<AgentId | undefined> {
    const token = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) return undefined
    const { ledger, clock } = this.#services
    return (await ledger.session({ hash: hashToken(token), now: clock.now() }))?.agent.id
  }

  async #upload(request: IncomingMessage, owner: AgentId): Promise<Answer> {
    const { blobs, ledger, clock } = this.#services
    if (Number(request.headers['content-length'] ?? 0) > limits.blobBytes) return tooLarge
    if (this.#uploads >= maxUploads) {
      const failure: Failure = { reason: 'rate_limited', message: 'Too many uploads at once.', retryAfterMs: 1_000 }
      return { status: 429, failure }
    }
    const about = describeUpload(request)
    if (!about) {
      return {
        status: 400,
        failure: {
          reason: 'invalid_params',
          message: 'Content-Type or X-Bellhop-File-Name does not fit.',
          next: `Send a media type of at most 100 characters, and a percent-encoded file name of at most ${limits.fileNameLength} characters without a path.`,
        },
      }
    }
    this.#uploads += 1
    try {
      const blob = await blobs.store(request as AsyncIterable<Uint8Array>, about)
      await ledger.addBlob({ ...blob, owner, at: clock.now() })
      return { status: 201, json: blob }
    } catch (error) {
      if (error instanceof BlobTooLarge) return tooLarge
      // Whoever was uploading has gone away: that is no fault of ours, and nobody is left to be answered.
      if (request.errored === error) return { status: 'sent' }
      const failure = diskFailure(error)
      if (!failure) throw error
      this.#services.log.error(errorFacts(error), 'a blob could not be stored')
      return { status: 507, failure }
    } finally {
      this.#uploads -= 1
    }
  }

  async #download(request: IncomingMessage, response: ServerResponse, agent: AgentId, handle: string): Promise<Answer> {
    const blob = await this.#services.ledger.blob({ agent, handle })
    if (!blob) return { status: 404, failure: { reason: 'blob_unknown' } }
    const headers = {
      'content-type': blob.mediaType,
      'accept-ranges': 'bytes',
      etag: `"${blob.sha256}"`,
      // A blob is a peer's data: no browser may take it for a page of ours.
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    }
    const ranges = request.headers.range === undefined ? undefined : parseRange(blob.size, request.headers.range)
    if (ranges === -1) {
      respond(response, 416, '', { 'content-range': `bytes */${blob.size}` })
      return { status: 'sent' }
    }
    // Several ranges, or a header that is none, get the whole: HTTP allows it.
    const range = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
    const { start, end } = range ?? { start: 0, end: blob.size - 1 }
    const partial = range && { 'content-range': `bytes ${start}-${end}/${blob.size}` }
    response.writeHead(range ? 206 : 200, { ...headers, ...partial, 'content-length': end - start + 1 })
    if (request.method === 'HEAD' || blob.size === 0) response.end()
    else await pipeline(this.#services.blobs.read(handle, { start, end }), response).catch(() => response.destroy())
    return { status: 'sent' }
  }
}

const tooLarge: Answer = {
  status: 413,
  failure: { reason: 'too_large', message: `A blob may have ${limits.blobBytes} bytes.` },
}

function describeUpload(request: IncomingMessage): { mediaType: string; fileName?: string } | undefined {
  const mediaType = request.headers['content-type'] ?? 'application/octet-stream'
  if (mediaType.length > 100) return undefined
  const encoded = request.headers['x-bellhop-file-name']
  if (encoded === undefined) return { mediaType }
  if (typeof encoded !== 'string') return undefined
  const fileName = decode(encoded)
  if (!fileName || fileName.length > limits.fileNameLength || /[/\\\p{Cc}]/u.test(fileName)) return undefined
  return { mediaType, fileName }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

export function respond(response: ServerResponse, status: number, text: string, headers: object = {}): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
