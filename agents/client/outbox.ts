import { nanoid } from 'nanoid'
import { nameKey, type Blob, type Result } from '../../protocol/index.ts'
import type { BlobAbout, Moving } from './blobs.ts'
import type { CallOptions, ClientError, SendDraft } from './client.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { aborted, notSent, unconfirmed } from './failures.ts'
import { encodeUtf8, exceeds } from './utf8.ts'

type Sent = Result<'send'>
type Upload = (bytes: Uint8Array, about: BlobAbout, moving: Moving) => Promise<Blob>
export type Line = Pick<Connection, 'call' | 'limits'>

/** Sends unanswered on one connection, at most: half of what the hub allows for all requests. */
const maxUnanswered = 1_024
/** Milliseconds before an upload that failed by itself is repeated. */
const uploadRetryMs = 500

const largeText: BlobAbout = { mediaType: 'text/markdown; charset=utf-8' }

interface Entry {
  readonly clientId: string
  /** Its place among all sends. */
  readonly ordinal: number
  draft: SendDraft
  /** Handed to a socket at least once: the hub may have it. */
  written: boolean
  place: 'queued' | 'uploading' | 'unanswered'
  readonly deadline: Deadline
  readonly onProgress: CallOptions['onProgress']
  readonly resolve: (sent: Sent) => void
  readonly reject: (error: ClientError) => void
}

/**
 * Sends that the hub has not answered. Each keeps its client id and is written again, in order, after
 * every registration, so that the hub stores it once [D-4]. A large body is uploaded first; what follows
 * it to the same recipient waits, and what came before it goes before it, so that nothing overtakes [P-22].
 */
export class Outbox {
  readonly #clock: Clock
  readonly #upload: Upload
  readonly #entries = new Set<Entry>()
  /** Ids of one outbox ascend: they share a random beginning, and the hub's index of them grows at one end. */
  readonly #idPrefix = nanoid(12)
  #sent = 0
  #queue: Entry[] = []
  #unanswered = 0
  #uploads = 0
  #line: Line | undefined

  constructor(clock: Clock, upload: Upload) {
    this.#clock = clock
    this.#upload = upload
  }

  /** `why` says, at the deadline, what kept the hub from answering. */
  send(draft: SendDraft, options: CallOptions, why: () => string): Promise<Sent> {
    if (options.signal?.aborted) return Promise.reject(aborted(false))
    const { promise, resolve, reject } = Promise.withResolvers<Sent>()
    const ordinal = (this.#sent += 1)
    const clientId = this.#idOf(ordinal)
    const deadline = startDeadline(this.#clock, options, {
      expired: () => failure(entry, why()),
      gaveUp: () => aborted(entry.written),
      over: (error) => this.#fail(entry, error),
    })
    const { onProgress } = options
    const settling = { deadline, onProgress, resolve, reject }
    const entry: Entry = { clientId, ordinal, draft, written: false, place: 'queued', ...settling }
    this.#entries.add(entry)
    this.#queue.push(entry)
    this.#pump()
    return promise
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
    this.#queue = []
    for (const entry of this.#entries) this.#fail(entry, failure(entry, cause.message))
  }

  #fail(entry: Entry, error: ClientError): void {
    this.#forget(entry)
    entry.reject(error)
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry)
    entry.deadline.end()
  }

  /** May be entered again by an answer that comes at once: whatever is kept goes back before what follows it. */
  #pump(): void {
    const uploading = this.#uploading()
    const kept: Entry[] = []
    while (this.#line && this.#unanswered < maxUnanswered) {
      const entry = this.#queue.shift()
      if (!entry) break
      if (!this.#entries.has(entry)) continue
      if (entry.ordinal > (uploading.get(recipient(entry)) ?? Infinity)) {
        kept.push(entry)
        continue
      }
      const body = largeBody(entry.draft, this.#line)
      if (!body) {
        this.#write(entry, this.#line)
        continue
      }
      uploading.set(recipient(entry), entry.ordinal)
      void this.#uploadFirst(entry, body)
    }
    this.#queue.unshift(...kept)
  }

  /** For whom a large body is on its way, and its place: what came before it is not held back. */
  #uploading(): Map<string, number> {
    if (this.#uploads === 0) return new Map()
    const entries = [...this.#entries].filter(({ place }) => place === 'uploading')
    return new Map(entries.map((entry) => [recipient(entry), entry.ordinal]))
  }

  #idOf(ordinal: number): string {
    return `${this.#idPrefix}-${ordinal.toString(36).padStart(8, '0')}`
  }

  /** Before what came later, and behind what came before: a break may have put that back into the queue. */
  #requeue(entry: Entry): void {
    const next = this.#queue.findIndex(({ ordinal }) => ordinal > entry.ordinal)
    this.#queue.splice(next < 0 ? this.#queue.length : next, 0, entry)
  }

  #write(entry: Entry, line: Line): void {
    entry.place = 'unanswered'
    this.#unanswered += 1
    const written = line.call('send', { ...entry.draft, clientId: entry.clientId }, (outcome) => {
      entry.place = 'queued'
      // It stays among the entries, and is written again on the next connection.
      if (outcome.kind === 'lost') return
      if (line === this.#line) this.#unanswered -= 1
      if (outcome.kind === 'result') {
        this.#forget(entry)
        entry.resolve(outcome.result)
      }
      // A hub that shuts down has not carried it out; its successor will.
      else if (outcome.error.reason !== 'shutting_down') this.#fail(entry, outcome.error)
      this.#pump()
    })
    entry.written ||= written !== undefined
  }

  async #uploadFirst(entry: Entry, body: Uint8Array): Promise<void> {
    entry.place = 'uploading'
    this.#uploads += 1
    try {
      const { deadline, onProgress } = entry
      const { handle } = await this.#upload(body, largeText, { signal: deadline.signal, onProgress })
      const { content: _, ...rest } = entry.draft
      entry.draft = { ...rest, blob: handle }
    } catch (error) {
      const failed = error as ClientError
      if (failed.reason === 'hub_unreachable') {
        await new Promise<void>((resolve) => this.#clock.after(uploadRetryMs, resolve))
      } else {
        this.#fail(entry, failed)
      }
    }
    this.#uploads -= 1
    entry.place = 'queued'
    this.#requeue(entry)
    this.#pump()
  }
}

function recipient({ draft }: Entry): string {
  return nameKey(draft.to)
}

/** The body where it is too large to travel in the message, and nothing else is its blob. */
function largeBody({ content, blob }: SendDraft, { limits }: Line): Uint8Array | undefined {
  if (content === undefined || blob !== undefined || limits === undefined) return undefined
  return exceeds(content, limits.inlineBytes) ? encodeUtf8(content) : undefined
}

function failure({ written, draft, clientId }: Entry, why: string): ClientError {
  return written ? unconfirmed(draft.to, clientId, why) : notSent(draft.to, why)
}
