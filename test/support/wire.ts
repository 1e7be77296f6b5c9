import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import {
  decodeIncoming,
  encodeRequest,
  proofText,
  type Attached,
  type Incoming,
  type Method,
  type NotificationName,
  type NotificationParams,
  type ParamsInput,
  type Result,
  type WireError,
} from '../../protocol/index.ts'

/** The error that the hub answered a request with. */
export class Refused extends Error {
  readonly error: WireError
  constructor(error: WireError) {
    super(error.message)
    this.error = error
  }
  get reason(): string | undefined {
    return this.error.data?.reason
  }
}

type Waiter = { readonly wants: (frame: Incoming) => boolean; readonly resolve: (frame: Incoming) => void }

/**
 * A peer that speaks the wire and nothing more: for tests that look at frames. Frames that nobody
 * asked for yet are kept, so a test can wait for what has come already.
 */
export class WirePeer {
  readonly socket: WebSocket
  readonly frames: Incoming[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  #waiters: Waiter[] = []
  #lastId = 0

  constructor(url: string, options: ClientOptions & { protocol?: string } = {}) {
    const { protocol = 'bellhop.v1', ...rest } = options
    this.socket = new WebSocket(url, protocol, rest)
    this.socket.on('error', () => undefined)
    this.closed = new Promise((resolve) =>
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    )
    this.socket.on('message', (data) => this.#take(decodeIncoming((data as Buffer).toString())))
    onTestFinished(() => this.socket.terminate())
  }

  /** The first frame, kept or to come, that fits; it is taken out. */
  frame(wants: (frame: Incoming) => boolean): Promise<Incoming> {
    const kept = this.frames.findIndex(wants)
    if (kept >= 0) return Promise.resolve(this.frames.splice(kept, 1)[0]!)
    return new Promise((resolve) => this.#waiters.push({ wants, resolve }))
  }

  async notification<N extends NotificationName>(name: N): Promise<NotificationParams<N>> {
    const frame = await this.frame((candidate) => candidate.kind === 'notification' && candidate.method === name)
    return (frame as Extract<Incoming, { kind: 'notification' }>).params as NotificationParams<N>
  }

  /** Sends and waits for the answer. Rejects with `Refused`. */
  async request<M extends Method>(method: M, params: ParamsInput<M>): Promise<Result<M>> {
    const id = this.post(method, params)
    const answer = await this.frame((frame) => (frame.kind === 'result' || frame.kind === 'error') && frame.id === id)
    if (answer.kind === 'error') throw new Refused(answer.error)
    return (answer as Extract<Incoming, { kind: 'result' }>).result as Result<M>
  }

  /** Sends without waiting; answers the request's id. */
  post<M extends Method>(method: M, params: ParamsInput<M>): number {
    this.#lastId += 1
    this.socket.send(encodeRequest(this.#lastId, method, params))
    return this.#lastId
  }

  /** Answers the challenge with this secret. */
  async hello(secret: string): Promise<{ result: Result<'hello'>; hubNonce: string; nonce: string }> {
    const { nonce: hubNonce } = await this.notification('challenge')
    const nonce = randomBytes(18).toString('base64url')
    const result = await this.request('hello', {
      client: { name: 'test', version: '0' },
      nonce,
      proof: createHmac('sha256', secret)
        .update(proofText('client', hubNonce, nonce))
        .digest('hex'),
    })
    return { result, hubNonce, nonce }
  }

  /** A ping answered: everything that the hub had written before has arrived here. */
  async settle(): Promise<void> {
    this.socket.ping()
    await once(this.socket, 'pong')
  }

  #take(frame: Incoming): void {
    const index = this.#waiters.findIndex(({ wants }) => wants(frame))
    if (index < 0) this.frames.push(frame)
    else this.#waiters.splice(index, 1)[0]!.resolve(frame)
  }
}

/** A key as clients make it. */
export function makeKey(): string {
  return randomBytes(32).toString('base64url')
}

export function secretOf(home: string): string {
  return readFileSync(join(home, 'secret'), 'utf8').trim()
}

type Where = { readonly url: string; readonly home: { readonly folder: string } }

/** A peer that has authenticated. */
export async function greet(hub: Where): Promise<WirePeer> {
  const peer = new WirePeer(hub.url)
  await peer.hello(secretOf(hub.home.folder))
  return peer
}

/** A peer with a name. */
export async function enter(
  hub: Where,
  name: string,
  options: Partial<ParamsInput<'register'>> = {},
): Promise<{ peer: WirePeer; key: string; attached: Attached }> {
  const peer = await greet(hub)
  const key = options.key ?? makeKey()
  const attached = await peer.request('register', { name: name, key, ...options })
  return { peer, key, attached }
}

let sent = 0

/** Sends a text under a fresh client id. */
export function say(
  peer: WirePeer,
  to: string,
  content: string,
  more: Partial<ParamsInput<'send'>> = {},
): Promise<Result<'send'>> {
  sent += 1
  return peer.request('send', { clientId: `test-${sent}`, to: to, content, ...more })
}

/** The reason with which a request is refused; fails where it is not. */
export async function refusal(request: Promise<unknown>): Promise<WireError & { reason: string | undefined }> {
  try {
    await request
  } catch (error) {
    if (error instanceof Refused) return { ...error.error, reason: error.reason }
    throw error
  }
  throw new Error('the request was accepted')
}
