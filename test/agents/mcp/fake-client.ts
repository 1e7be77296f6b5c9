import { EventEmitter, once } from 'node:events'
import type {
  Client,
  ClientEvents,
  ClientState,
  Registration,
  SendDraft,
  SimpleMethod,
} from '../../../agents/client/client.ts'
import { ClientError } from '../../../agents/client/client.ts'
import {
  Attached,
  Blob,
  Message,
  methods,
  type Method,
  type ParamsInput,
  type Result,
} from '../../../protocol/index.ts'

/** What the pretended hub answers, by method. Throw a `ClientError` to refuse. */
export type Answers = {
  [M in SimpleMethod]?: (params: ParamsInput<M>) => Result<M> | Promise<Result<M>>
}

export interface Ack {
  readonly ids: readonly string[]
  readonly state: 'offered' | 'shown'
  readonly route: string
}

/** A client without a hub: answers from a table, records what it is asked, emits what a test tells it to. */
export class FakeClient implements Client {
  state: ClientState = { kind: 'idle' }
  registration: Registration | undefined
  started = 0
  closed = 0
  readonly answers: Answers = {}
  readonly requests: { method: Method; params: unknown }[] = []
  readonly sent: SendDraft[] = []
  readonly acks: Ack[] = []
  readonly uploads: { bytes: Uint8Array; mediaType: string; fileName?: string }[] = []
  /** Bodies by handle. */
  readonly blobs = new Map<string, Uint8Array | ClientError>()
  outlook: Result<'send'>['outlook'] = methods.send.result.shape.outlook.parse({
    kind: 'online',
    name: 'claude',
    routes: ['tool_result'],
  })
  /** What the next registration, rename or send is refused with. */
  refusal: ClientError | undefined
  waiting = 0
  /** Acknowledgements wait for this. */
  confirmation: Promise<void> = Promise.resolve()
  readonly #events = new EventEmitter()

  start(): void {
    this.started += 1
  }

  ready(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.closed += 1
    return Promise.resolve()
  }

  register({ name }: { name: string; takeOver?: boolean }): Promise<Attached> {
    this.requests.push({ method: 'register', params: { name } })
    if (this.refusal) return Promise.reject(this.refusal)
    return Promise.resolve(this.attach(name))
  }

  /** Registered, as if the hub had said so. */
  attach(name: string, autoCheck = { enabled: false, minutes: 0 }): Attached {
    this.registration = { name, autoCheck, topics: [] }
    this.state = { kind: 'registered', name }
    const attached = Attached.parse({
      name,
      session: { token: 'token', expiresAt: '2026-11-23T12:00:00.000Z' },
      epoch: 'e1',
      recovered: false,
      waiting: this.waiting,
      topics: ['#frontend'],
      autoCheck,
      created: true,
    })
    this.emit('attached', attached)
    return attached
  }

  rename(name: string): Promise<Result<'rename'>> {
    this.requests.push({ method: 'rename', params: { name } })
    if (this.refusal) return Promise.reject(this.refusal)
    const renamed = methods.rename.result.parse({
      name,
      previous: this.registration?.name ?? 'nobody',
      forwardsUntil: '2026-11-22T14:00:00.000Z',
    })
    this.registration = { name, autoCheck: { enabled: false, minutes: 0 }, topics: [] }
    this.emit('renamed', renamed)
    return Promise.resolve(renamed)
  }

  release(): Promise<Result<'release'>> {
    return Promise.reject(unreachable())
  }

  send(draft: SendDraft): Promise<Result<'send'>> {
    if (this.refusal) return Promise.reject(this.refusal)
    if (!this.registration) return Promise.reject(notRegistered())
    this.sent.push(draft)
    this.#events.emit('send')
    const id = `e1-${1000 + this.sent.length}`
    const answer = { id, seq: 1, sentAt: '2026-11-22T12:00:00.000Z', duplicate: false, outlook: this.outlook }
    return Promise.resolve(methods.send.result.parse(answer))
  }

  async ack(ids: readonly string[], state: Ack['state'], route: string): Promise<void> {
    this.acks.push({ ids: [...ids], state, route })
    this.#events.emit('ack')
    await this.confirmation
  }

  async request<M extends SimpleMethod>(method: M, params: ParamsInput<M>): Promise<Result<M>> {
    this.requests.push({ method, params })
    this.#events.emit(`request ${method}`)
    const answer = this.answers[method]
    if (!answer) throw unreachable()
    return await answer(params)
  }

  download(blob: Blob, options?: { signal?: AbortSignal }): Promise<Uint8Array> {
    const bytes = this.blobs.get(blob.handle)
    if (bytes instanceof ClientError) return Promise.reject(bytes)
    if (bytes) return Promise.resolve(bytes)
    // A hub that never answers.
    return new Promise((_resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(aborted()))
      this.#events.emit('download')
    })
  }

  upload(bytes: Uint8Array, about: { mediaType: string; fileName?: string }): Promise<Blob> {
    this.uploads.push({ bytes, ...about })
    const blob = { handle: 'h'.repeat(21), size: bytes.byteLength, sha256: '0'.repeat(64), ...about }
    return Promise.resolve(Blob.parse(blob))
  }

  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): void {
    this.#events.on(event, listener as (...args: unknown[]) => void)
  }

  off<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): void {
    this.#events.off(event, listener as (...args: unknown[]) => void)
  }

  emit<E extends keyof ClientEvents>(event: E, ...args: ClientEvents[E]): void {
    if (event === 'state') this.state = args[0] as ClientState
    this.#events.emit(event, ...args)
  }

  /** Resolves when so many acknowledgements have come in all. */
  async untilAcks(count: number): Promise<void> {
    while (this.acks.length < count) await once(this.#events, 'ack')
  }

  /** Resolves at the next request of a method, sending, or unanswered download. */
  async next(event: 'download' | 'send' | `request ${SimpleMethod}`): Promise<void> {
    await once(this.#events, event)
  }
}

export function unreachable(): ClientError {
  return new ClientError({
    reason: 'hub_unreachable',
    message: 'No hub answers.',
    next: 'Start one with bellhop start.',
    temporary: true,
  })
}

export function notRegistered(): ClientError {
  return new ClientError({ reason: 'not_registered', message: 'No name.', next: 'Register.' })
}

function aborted(): ClientError {
  return new ClientError({ reason: 'aborted', message: 'It took too long.', next: 'Try again.' })
}

let lastSeq = 0

/** A message as the hub would push it. */
export function message(fields: Partial<Record<keyof Message, unknown>> = {}): Message {
  lastSeq += 1
  return Message.parse({
    id: `e1-${lastSeq}`,
    seq: lastSeq,
    kind: 'message',
    from: 'rose',
    to: 'claude',
    sentAt: '2026-11-22T11:59:00.000Z',
    expiresAt: '2026-12-22T11:59:00.000Z',
    priority: 'normal',
    content: `hello ${lastSeq}`,
    ...fields,
  })
}
