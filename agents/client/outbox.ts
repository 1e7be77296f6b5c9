import { nanoid } from 'nanoid'
import type { Blob, Result } from '../../protocol/index.ts'
import type { BlobAbout } from './blobs.ts'
import type { CallOptions, ClientError, SendDraft } from './client.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import { startDeadline } from './deadline.ts'
import { aborted, notSent, unconfirmed } from './failures.ts'

type Sent = Result<'send'>
type Upload = (bytes: Uint8Array, about: BlobAbout, signal: AbortSignal) => Promise<Blob>
export type Line = Pick<Connection, 'call' | 'limits'>

/** Sends unanswered on one connection, at most: half of what the hub allows for all requests. */
const maxUnanswered = 1_024
/** Milliseconds before an upload that failed by itself is repeated. */
const uploadRetryMs = 500

const largeText: BlobAbout = { mediaType: 'text/markdown; charset=utf-8' }

interface Entry {
  readonly clientId: string
  draft: SendDraft
  /** Handed to a socket at least once: the hub may have it. */
  written: boolean
  place: 'queued' | 'uploading' | 'unanswered'
  readonly signal: AbortSignal
  readonly resolve: (sent: Sent) => void
  readonly reject: (error: ClientError) => void
}

/**
 * Sends that the hub has not answered. Each keeps its client id and is written again, in order, after
 * every registration, so that the hub stores it once [D-4]. A large body is uploaded first; smaller
 * messages do not wait for it.
 */
export class Outbox {
  readonly #clock: Clock
  readonly #upload: Upload
  readonly #entries = new Set<Entry>()
  #queue: Entry[] = []
  #unanswered = 0
  #line: Line | undefined

  constructor(clock: Clock, upload: Upload) {
    this.#clock = clock
    this.#upload = upload
  }

  /** `why` says, at the deadline, what kept the hub from answering. */
  send(draft: SendDraft, options: CallOptions, why: () => string): Promise<Sent> {
    if (options.signal?.aborted) return Promise.reject(aborted(false))
    const { promise, resolve, reject } = Promise.withResolvers<Sent>()
    const deadline = startDeadline(
      this.#clock,
      options,
      () => failure(entry, why()),
      () => aborted(entry.written),
    )
    const { signal } = deadline
    const entry: Entry = { clientId: nanoid(), draft, written: false, place: 'queued', signal, resolve, reject }
    const settle = (): void => {
      this.#entries.delete(entry)
      deadline.end()
    }
    signal.addEventListener('abort', () => reject(signal.reason as ClientError), { once: true })
    this.#entries.add(entry)
    this.#queue.push(entry)
    this.#pump()
    return promise.finally(settle)
  }

  /** Registered on this connection: writes everything that is not answered, again or for the first time. */
  attach(line: Line): void {
    // Another name on the same connection: what was written under the former one is still being answered.
    if (line === this.#line) return
    this.#line = line
    this.#unanswered = 0
    this.#queue = [...this.#entries].filter(({ place }) => place !== 'uploading')
    this.#pump()
  }

  detach(): void {
    this.#line = undefined
  }

  /** The name is gone or the client closed: nothing will be sent any more. */
  abandon(cause: ClientError): void {
    this.detach()
    const entries = [...this.#entries]
    this.#entries.clear()
    this.#queue = []
    for (const entry of entries) entry.reject(failure(entry, cause.message))
  }

  #pump(): void {
    while (this.#line && this.#unanswered < maxUnanswered) {
      const entry = this.#queue.shift()
      if (!entry) return
      if (entry.signal.aborted || !this.#entries.has(entry)) continue
      const body = largeBody(entry.draft, this.#line)
      if (body) void this.#uploadFirst(entry, body)
      else this.#write(entry, this.#line)
    }
  }

  #write(entry: Entry, line: Line): void {
    entry.place = 'unanswered'
    this.#unanswered += 1
    const written = line.call('send', { ...entry.draft, clientId: entry.clientId }, (outcome) => {
      entry.place = 'queued'
      // It stays among the entries, and is written again on the next connection.
      if (outcome.kind === 'lost') return
      if (line === this.#line) this.#unanswered -= 1
      if (outcome.kind === 'result') entry.resolve(outcome.result)
      // A hub that shuts down has not carried it out; its successor will.
      else if (outcome.error.reason !== 'shutting_down') entry.reject(outcome.error)
      this.#pump()
    })
    entry.written ||= written !== undefined
  }

  async #uploadFirst(entry: Entry, body: Uint8Array): Promise<void> {
    entry.place = 'uploading'
    try {
      const { handle } = await this.#upload(body, largeText, entry.signal)
      const { content: _, ...rest } = entry.draft
      entry.draft = { ...rest, blob: handle }
      this.#requeue(entry)
    } catch (error) {
      const failed = error as ClientError
      if (failed.reason !== 'hub_unreachable') return entry.reject(failed)
      this.#clock.after(uploadRetryMs, () => this.#requeue(entry))
    }
  }

  #requeue(entry: Entry): void {
    entry.place = 'queued'
    this.#queue.push(entry)
    this.#pump()
  }
}

/** The body where it is too large to travel in the message, and nothing else is its blob. */
function largeBody({ content, blob }: SendDraft, { limits }: Line): Uint8Array | undefined {
  if (content === undefined || blob !== undefined || limits === undefined) return undefined
  return Buffer.byteLength(content) > limits.inlineBytes ? Buffer.from(content) : undefined
}

function failure({ written, draft, clientId }: Entry, why: string): ClientError {
  return written ? unconfirmed(draft.to, clientId, why) : notSent(draft.to, why)
}
