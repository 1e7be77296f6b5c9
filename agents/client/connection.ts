import {
  decodeIncoming,
  encodeRequest,
  type Incoming,
  type Method,
  type NotificationParams,
  type ParamsInput,
  type Result,
} from '../../protocol/index.ts'
import { Calls, type Outcome } from './calls.ts'
import type { ClientError } from './client.ts'
import type { Clock } from './clock.ts'
import { isLocal, type Endpoint } from './endpoint.ts'
import { closedByOwner, finalClose, notGenuine, refusedHere, unreachable } from './failures.ts'
import { answerChallenge, type Greeting, type Introduction } from './handshake.ts'
import type { Dial, Socket, SocketEnd } from './socket.ts'
import { exceeds } from './utf8.ts'
import { Vigil } from './vigil.ts'

/** Milliseconds from dialling to the hub's answer to hello: twice what the hub allows itself. */
const handshakeMs = 10_000
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
  | { readonly kind: 'open'; readonly limits: HubLimits; readonly vigil: Vigil }
  | { readonly kind: 'closed' }

/** One WebSocket to a hub, from dialling to its end: handshake [P-3], requests, notifications, and a vigil. */
export class Connection {
  readonly endpoint: Endpoint
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #calls = new Calls()
  readonly #gone = Promise.withResolvers<void>()
  #stage: Stage = { kind: 'opening' }
  #cancelAlarm: () => void
  #problem = 'the connection broke'
  #next: string | undefined
  #nobodyThere = false
  #reconnectAfterMs: number | undefined

  constructor(options: ConnectionOptions) {
    this.endpoint = options.endpoint
    this.#options = options
    this.#socket = options.dial(options.endpoint, {
      opened: () => options.events.authenticating(),
      pinged: () => this.#heard(),
      text: (frame) => {
        this.#heard()
        this.#read(decodeIncoming(frame))
      },
      closed: (end) => this.#closed(end),
    })
    this.#cancelAlarm = options.clock.after(handshakeMs, () => this.drop('the handshake took too long'))
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
    if (exceeds(frame, frameBytes)) {
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
    const cancel = this.#options.clock.after(closingMs, () => this.#socket.cut())
    this.#socket.close()
    this.#leave(closedByOwner())
    await this.#gone.promise
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
    this.#watch(outcome.result.limits)
    this.#options.events.opened(this)
  }

  #watch(limits: HubLimits): void {
    this.#cancelAlarm()
    const vigil = new Vigil({
      clock: this.#options.clock,
      pingMs: limits.pingMs,
      hearsPings: this.#socket.hearsPings,
      ask: () => void this.call('status', {}, () => {}),
      dead: (problem) => this.drop(problem),
    })
    this.#cancelAlarm = () => vigil.end()
    this.#stage = { kind: 'open', limits, vigil }
  }

  #heard(): void {
    if (this.#stage.kind === 'open') this.#stage.vigil.heard()
  }

  #closed({ code, reason, problem, next, nobodyThere }: SocketEnd): void {
    this.#gone.resolve()
    if (problem !== undefined) this.#problem = problem
    this.#next = next
    if (code > 1000 && code !== 1006) this.#problem = `it closed the connection (${code} ${reason})`.trimEnd()
    this.#nobodyThere = nobodyThere
    const final = finalClose(code, reason)
    this.#end(final ?? this.#unreachable(), final !== undefined)
  }

  #end(error: ClientError, final: boolean): void {
    if (this.#stage.kind === 'closed') return
    this.#leave(error)
    this.#socket.cut()
    const { events } = this.#options
    events.closed({ error, final, nobodyThere: this.#nobodyThere, reconnectAfterMs: this.#reconnectAfterMs })
  }

  #leave(error: ClientError): void {
    this.#stage = { kind: 'closed' }
    this.#cancelAlarm()
    this.#calls.lose(error)
  }

  #unreachable(): ClientError {
    return unreachable(this.endpoint, this.#problem, this.#next)
  }
}
