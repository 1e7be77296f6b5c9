import {
  decodeIncoming,
  encodeRequest,
  type Incoming,
  type Method,
  type NotificationParams,
  type ParamsInput,
  type Result,
} from '../../protocol/index.ts'
import { isLocal, type Endpoint } from './address.ts'
import { Calls, type Outcome } from './calls.ts'
import type { ClientError } from './client.ts'
import type { Clock } from './clock.ts'
import { isNobodyThere, type Dial } from './dial.ts'
import { closedByOwner, finalClose, notGenuine, refusedHere, unreachable } from './failures.ts'
import { answerChallenge, type Greeting, type Introduction } from './handshake.ts'

/** Milliseconds from dialling to the hub's answer to hello: twice what the hub allows itself. */
const handshakeMs = 10_000
/** Milliseconds that a hub may be late with its second ping before it counts as dead. */
const pingGraceMs = 8_000
/** Milliseconds for the closing handshake, then the socket is cut. */
const closingMs = 500

export type Notification = Exclude<Extract<Incoming, { kind: 'notification' }>, { method: 'challenge' }>
export type HubLimits = Result<'hello'>['limits']

/** Why a connection is over. */
export interface Loss {
  readonly error: ClientError
  /** Another attempt would not change anything. */
  readonly final: boolean
  /** No program listens there. */
  readonly nobodyThere: boolean
  /** The hub's wish, in milliseconds. */
  readonly reconnectAfterMs: number | undefined
}

export interface ConnectionEvents {
  /** The socket is open, the handshake runs. */
  readonly authenticating: () => void
  /** Both sides have proved themselves. */
  readonly opened: (connection: Connection) => void
  readonly notification: (notification: Notification) => void
  /** Once, whatever the reason, also where the connection never opened. */
  readonly closed: (loss: Loss) => void
}

export interface ConnectionOptions {
  readonly endpoint: Endpoint
  readonly dial: Dial
  readonly clock: Clock
  readonly client: Introduction
  readonly secret: () => string | undefined
  readonly events: ConnectionEvents
}

type Stage =
  | { readonly kind: 'opening' }
  | { readonly kind: 'greeting' }
  | { readonly kind: 'open'; readonly limits: HubLimits }
  | { readonly kind: 'closed' }

/** One WebSocket to a hub, from dialling to its end: handshake [P-3], requests, notifications, and a look-out for silence. */
export class Connection {
  readonly endpoint: Endpoint
  readonly #socket: ReturnType<Dial>
  readonly #options: ConnectionOptions
  readonly #calls = new Calls()
  #stage: Stage = { kind: 'opening' }
  #cancelAlarm: () => void
  #problem = 'the connection broke'
  #nobodyThere = false
  #reconnectAfterMs: number | undefined

  constructor(options: ConnectionOptions) {
    this.endpoint = options.endpoint
    this.#options = options
    this.#cancelAlarm = options.clock.after(handshakeMs, () => this.drop('the handshake took too long'))
    this.#socket = options.dial(options.endpoint)
    this.#socket.on('open', () => options.events.authenticating())
    this.#socket.on('ping', () => this.#heard())
    this.#socket.on('message', (data: Buffer, isBinary) => {
      this.#heard()
      if (!isBinary) this.#read(decodeIncoming(data.toString()))
    })
    this.#socket.on('error', (error: Error) => {
      this.#problem = error.message || ('code' in error ? String(error.code) : error.name)
      this.#nobodyThere ||= isNobodyThere(error)
    })
    this.#socket.on('close', (code, reason) => this.#closed(code, String(reason)))
  }

  /** What the hub said in its answer to hello; undefined while the connection is not open. */
  get limits(): HubLimits | undefined {
    return this.#stage.kind === 'open' ? this.#stage.limits : undefined
  }

  /**
   * Sends one request. `done` is called once, in the turn in which the answer arrives. Returns what
   * makes the connection forget the request, or undefined where it was not written at all.
   */
  call<M extends Method>(
    method: M,
    params: ParamsInput<M>,
    done: (outcome: Outcome<M>) => void,
  ): (() => void) | undefined {
    if (this.#stage.kind !== 'open') {
      done({ kind: 'lost', written: false, error: this.#unreachable() })
      return undefined
    }
    const id = this.#calls.open(method, done)
    const frame = encodeRequest(id, method, params)
    const { frameBytes } = this.#stage.limits
    if (Buffer.byteLength(frame) > frameBytes) {
      // The hub would cut the connection, and with it everything else that is under way.
      this.#calls.forget(id)
      done({ kind: 'refused', error: refusedHere('too_large') })
      return undefined
    }
    this.#socket.send(frame)
    return () => this.#calls.forget(id)
  }

  /** Cuts the connection because of a problem on this side; `closed` follows at once. */
  drop(problem: string | ClientError, reconnectAfterMs?: number): void {
    if (typeof problem === 'string') this.#problem = problem
    this.#reconnectAfterMs = reconnectAfterMs
    this.#end(typeof problem === 'string' ? this.#unreachable() : problem, false)
  }

  /** Closes politely; resolves when the socket is gone. */
  async close(): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(closingMs, () => this.#socket.terminate())
    this.#socket.once('close', resolve)
    this.#socket.close(1000)
    this.#leave(closedByOwner())
    await promise
    cancel()
  }

  #read(incoming: Incoming): void {
    switch (incoming.kind) {
      case 'unknown':
        return
      case 'result':
      case 'error':
        return this.#calls.answer(incoming.id, incoming)
      case 'notification':
        if (incoming.method === 'challenge') return this.#greet(incoming.params)
        if (incoming.method === 'closing') this.#reconnectAfterMs = incoming.params.reconnectAfterMs
        if (this.#stage.kind === 'open') this.#options.events.notification(incoming)
    }
  }

  #greet(challenge: NotificationParams<'challenge'>): void {
    if (this.#stage.kind !== 'opening') return
    this.#stage = { kind: 'greeting' }
    const { client, secret } = this.#options
    const greeting = answerChallenge(challenge, { client, secret: secret(), local: isLocal(this.endpoint) })
    if (greeting.kind === 'refuse') return this.#end(greeting.error, true)
    const id = this.#calls.open('hello', (outcome) => this.#greeted(greeting, outcome))
    this.#socket.send(encodeRequest(id, 'hello', greeting.params))
  }

  #greeted({ isGenuine }: Extract<Greeting, { kind: 'hello' }>, outcome: Outcome<'hello'>): void {
    if (outcome.kind === 'lost') return
    if (outcome.kind === 'refused') return this.#end(outcome.error, !outcome.error.temporary)
    if (!isGenuine(outcome.result.proof)) {
      return this.#end(notGenuine('it does not know the secret'), true)
    }
    this.#stage = { kind: 'open', limits: outcome.result.limits }
    this.#heard()
    this.#options.events.opened(this)
  }

  /** A hub pings every `pingMs`; one that misses two has died without a word, or the network has. */
  #heard(): void {
    if (this.#stage.kind !== 'open') return
    this.#cancelAlarm()
    const silence = this.#stage.limits.pingMs * 2 + pingGraceMs
    this.#cancelAlarm = this.#options.clock.after(silence, () => this.drop(`nothing came from it for ${silence} ms`))
  }

  #closed(code: number, text: string): void {
    if (code > 1000 && code !== 1006) this.#problem = `it closed the connection (${code} ${text})`.trimEnd()
    const final = finalClose(code, text)
    this.#end(final ?? this.#unreachable(), final !== undefined)
  }

  #end(error: ClientError, final: boolean): void {
    if (this.#stage.kind === 'closed') return
    this.#leave(error)
    this.#socket.terminate()
    const { events } = this.#options
    events.closed({ error, final, nobodyThere: this.#nobodyThere, reconnectAfterMs: this.#reconnectAfterMs })
  }

  #leave(error: ClientError): void {
    this.#stage = { kind: 'closed' }
    this.#cancelAlarm()
    this.#calls.lose(error)
  }

  #unreachable(): ClientError {
    return unreachable(this.endpoint, this.#problem)
  }
}
