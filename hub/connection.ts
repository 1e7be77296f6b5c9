import {
  closeCodes,
  decodeRequest,
  encodeFailure,
  encodeNotification,
  encodeResult,
  limits,
  protocolName,
  type Call,
  type CloseReason,
  type Failure,
  type Method,
  type RequestId,
} from '../protocol/index.ts'
import { makeNonce } from './auth.ts'
import { Heartbeat, type Timers } from './delivery/heartbeat.ts'
import type { Session, SessionLine } from './delivery/session.ts'
import { Turnstile } from './delivery/turnstile.ts'
import { failureOf } from './failure.ts'
import { handlers } from './methods/index.ts'
import type { Caller, Handler, Member, Outcome, Services } from './methods/method.ts'
import type { Socket, SocketListener } from './net/socket.ts'

/** Where a connection stands. Each state holds only its own data; `#enter` is the one way from one to another. */
type State =
  | { readonly kind: 'handshaking'; readonly deadline: unknown }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'registered'; readonly session: Session }
  | { readonly kind: 'closed' }

/** Requests that one connection may have unanswered: a bound on memory, far above any honest use. */
const maxUnanswered = 2_048

/** One peer: frames in, methods, outcomes, frames out. The only place that writes to a socket. */
export class Connection implements SocketListener, SessionLine {
  readonly #services: Services
  readonly #socket: Socket
  readonly #caller: Caller
  readonly #heartbeat: Heartbeat
  readonly #timers: Timers
  readonly #gone: () => void
  #state: State
  #unanswered = 0
  #drained: (() => void) | undefined
  /** What let it in; undefined before, and on a hub that asks for none. */
  #secret: string | undefined

  /** `gone` is called once, when the connection is over. */
  constructor(services: Services, socket: Socket, timers: Timers, gone: () => void) {
    const { settings, authentication } = services
    this.#services = services
    this.#socket = socket
    this.#timers = timers
    this.#gone = gone
    this.#caller = { line: this, address: socket.address, nonce: makeNonce(), turnstile: new Turnstile() }
    // A peer that says nothing holds a connection, no longer than this [S-6].
    this.#state = {
      kind: 'handshaking',
      deadline: timers.setTimeout(() => this.close('handshake_timeout'), limits.handshakeMs),
    }
    this.#heartbeat = new Heartbeat(
      { ping: () => socket.ping(), unresponsive: () => this.close('unresponsive') },
      settings.pingEvery,
      settings.pongWithin,
      timers,
    )
    const auth = authentication.kind === 'open' ? 'open' : 'hmac-sha256'
    this.write(encodeNotification('challenge', { protocol: protocolName, nonce: this.#caller.nonce, auth }))
  }

  text(frame: string): void {
    if (this.#state.kind === 'closed') return
    this.#heartbeat.beat()
    if (this.#state.kind === 'handshaking' && Buffer.byteLength(frame) > limits.handshakeBytes) return this.flood()
    const request = decodeRequest(frame)
    if (!request.ok) return this.#malformed(request.id, request.failure)
    const { id, call } = request
    if (this.#state.kind === 'handshaking' && call.method !== 'hello') {
      return this.#refuse(id, { reason: 'not_authenticated' }, 'hello_expected')
    }
    if (this.#drained) return this.#fail(id, { reason: 'shutting_down' })
    if (this.#unanswered >= maxUnanswered) return this.#fail(id, { reason: 'too_many_in_flight' })
    this.#unanswered += 1
    void this.#answer(id, call)
  }

  binary(): void {
    this.#malformed(null, { reason: 'parse_error', message: 'Binary frames are not part of the protocol.' })
  }

  pong(): void {
    this.#heartbeat.beat()
  }

  flood(): void {
    this.close('handshake_too_large')
  }

  closed(): void {
    this.#enter({ kind: 'closed' })
  }

  probe(): Promise<boolean> {
    return this.#heartbeat.probe()
  }

  /** Asks a client to come back, and to prove itself anew, whose secret is accepted no longer [S-2]. */
  recheck(accepts: (secret: string) => boolean, reconnectAfterMs: number): void {
    if (this.#secret !== undefined && !accepts(this.#secret)) this.close('going_away', reconnectAfterMs)
  }

  /** Takes no more requests, and resolves when those that it took are answered. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve
      if (this.#unanswered === 0) resolve()
    })
  }

  /** Writes one frame, or disconnects a reader that does not take them [D-5]. */
  write(frame: string): void {
    if (this.#state.kind === 'closed') return
    this.#socket.send(frame)
    if (this.#socket.bufferedAmount > this.#services.settings.outboundBytes) this.close('slow')
  }

  /** Says why, closes, and forgets the connection at once: a peer that lingers holds nothing. */
  close(reason: CloseReason, reconnectAfterMs?: number): void {
    if (this.#state.kind === 'closed') return
    this.#services.log.debug({ address: this.#socket.address, reason }, 'closing a connection')
    this.#services.meter.closed(reason)
    if (reason !== 'slow') {
      const after = reconnectAfterMs === undefined ? {} : { reconnectAfterMs }
      this.#socket.send(encodeNotification('closing', { reason, ...after }))
    }
    this.#enter({ kind: 'closed' })
    this.#socket.close(closeCodes[reason].code, reason)
  }

  async #answer(id: RequestId, call: Call): Promise<void> {
    try {
      this.#act(id, await this.#handle(call))
    } catch (error) {
      this.#fail(id, failureOf(error, call.method, this.#services))
    } finally {
      this.#unanswered -= 1
      if (this.#unanswered === 0) this.#drained?.()
    }
  }

  /** Guards come before the dispatch: a handler knows that its caller has come far enough. */
  #handle(call: Call): Promise<Outcome<Method>> | Outcome<Method> {
    const row = handlers[call.method]
    const session = this.#state.kind === 'registered' ? this.#state.session : undefined
    if (row.needs === 'session' && !session) return { kind: 'failed', failure: { reason: 'not_registered' } }
    if (row.needs === 'nothing' && this.#state.kind !== 'handshaking') {
      return { kind: 'failed', failure: { reason: 'invalid_request', message: 'This connection said hello already.' } }
    }
    const caller = session ? { ...this.#caller, session } : this.#caller
    return (row.handle as Handler<Method, Caller | Member>)(this.#services, caller, call.params)
  }

  #act(id: RequestId, outcome: Outcome<Method>): void {
    switch (outcome.kind) {
      case 'ok':
        return this.write(encodeResult(id, outcome.result))
      case 'failed':
        return this.#fail(id, outcome.failure)
      case 'refused':
        return this.#refuse(id, outcome.failure, outcome.close)
      case 'authenticated':
        this.#secret = outcome.secret
        this.#enter({ kind: 'authenticated' })
        return this.write(encodeResult(id, outcome.result))
      case 'attached':
        if (this.#state.kind === 'closed') return
        this.#enter({ kind: 'registered', session: outcome.session })
        this.write(encodeResult(id, outcome.result))
        return this.#services.delivery.start(outcome.session, outcome.cursor, outcome.inFlight)
      case 'detached':
        this.write(encodeResult(id, outcome.result))
        // It may have registered again meanwhile.
        if (this.#state.kind === 'registered' && this.#state.session === outcome.session) {
          this.#enter({ kind: 'authenticated' })
        }
        return
    }
  }

  #malformed(id: RequestId | null, failure: Failure): void {
    if (this.#state.kind === 'handshaking') return this.#refuse(id, failure, 'bad_frame')
    this.#fail(id, failure)
  }

  #fail(id: RequestId | null, failure: Failure): void {
    this.#services.meter.refused(failure.reason)
    this.write(encodeFailure(id, failure))
  }

  #refuse(id: RequestId | null, failure: Failure, reason: CloseReason): void {
    this.#fail(id, failure)
    this.close(reason)
  }

  #enter(next: State): void {
    const previous = this.#state
    if (previous.kind === 'closed') return
    this.#state = next
    const { roster, delivery } = this.#services
    if (previous.kind === 'handshaking') this.#timers.clearTimeout(previous.deadline)
    if (previous.kind === 'handshaking' && next.kind === 'authenticated') this.#socket.trust()
    if (previous.kind === 'registered') {
      previous.session.flow.end()
      if (roster.leave(previous.session)) {
        delivery.presence(previous.session, false)
        this.#services.left(previous.session)
      }
    }
    if (next.kind === 'registered') {
      roster.enter(next.session)
      delivery.presence(next.session, true)
    }
    if (next.kind === 'closed') {
      this.#heartbeat.stop()
      this.#gone()
    }
  }
}
