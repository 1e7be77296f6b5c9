import type { Attached, Result } from '../../protocol/index.ts'
import { Acks } from './acks.ts'
import type { BlobAccess, Exchange } from './blobs.ts'
import type { ClientError, CallOptions, Client, ClientEvents, ClientState } from './client.ts'
import type { Clock } from './clock.ts'
import type { Connection, Notification } from './connection.ts'
import { Emitter } from './emitter.ts'
import { answerOf, Errands } from './errands.ts'
import { closedByOwner, isLossOfName, refusedHere, unreachable } from './failures.ts'
import { validName, type Keys } from './keys.ts'
import { Lifeline, type LifelineOptions } from './lifeline.ts'
import { Membership, type Wishes } from './membership.ts'
import { Outbox } from './outbox.ts'
import { takeName } from './registration.ts'
import { returnTo } from './return.ts'
import { Transfers } from './transfers.ts'

/** Milliseconds that closing waits for acknowledgements to be confirmed. */
const lastAcksMs = 500

export interface LastingClientOptions {
  readonly lifeline: Omit<LifelineOptions, 'events'>
  readonly clock: Clock
  readonly keys: Keys
  readonly exchange: Exchange
  readonly wishes: Wishes
  /** Gets what no call can report: exceptions of listeners, a key that could not be moved. */
  readonly onError: (error: unknown) => void
}

/** The parts put together: one lifeline, one membership, and what has still to be said to the hub. */
export class LastingClient implements Client {
  readonly #clock: Clock
  readonly #keys: Keys
  readonly #exchange: Exchange
  readonly #onError: (error: unknown) => void
  readonly #emitter: Emitter<ClientEvents>
  readonly #lifeline: Lifeline
  readonly #membership: Membership
  readonly #outbox: Outbox
  readonly #acks: Acks
  readonly #errands: Errands
  readonly #transfers: Transfers
  #state: ClientState = { kind: 'idle' }
  #connection: Connection | undefined
  #trouble: ClientError = unreachable(undefined, 'no connection was made yet')
  #registering = 0

  constructor({ lifeline, clock, keys, exchange, wishes, onError }: LastingClientOptions) {
    this.#clock = clock
    this.#keys = keys
    this.#exchange = exchange
    this.#onError = onError
    this.#emitter = new Emitter(onError)
    this.#membership = new Membership(wishes)
    this.#acks = new Acks(clock)
    this.#errands = new Errands({
      clock,
      isDiscouraged: () => this.#lifeline.isDiscouraged,
      state: () => this.#state,
      connection: () => this.#connection,
      trouble: () => this.#trouble,
      closedError: () => this.#closedError(),
    })
    this.#transfers = new Transfers(clock, this.#errands, () => this.#access())
    this.#outbox = new Outbox(clock, (...upload) => this.#transfers.store(...upload))
    this.#lifeline = new Lifeline({
      ...lifeline,
      events: {
        state: (state) => this.#become(state),
        opened: (connection) => this.#opened(connection),
        notification: (notification) => this.#notified(notification),
        lost: (error) => this.#lost(error),
        ended: (error) => this.#end(error),
      },
    })
  }

  get state(): ClientState {
    return this.#state
  }

  get registration(): Client['registration'] {
    return this.#membership.member?.registration
  }

  on: Client['on'] = (event, listener) => this.#emitter.on(event, listener)
  off: Client['off'] = (event, listener) => this.#emitter.off(event, listener)

  start(): void {
    if (this.#state.kind === 'idle') this.#lifeline.connect(1)
  }

  async ready(options: CallOptions = {}): Promise<void> {
    await this.#errands.run(options, () => Promise.resolve(true))
  }

  async close(): Promise<void> {
    if (this.#state.kind === 'closed' && !this.#state.cause) return
    if (this.#state.kind === 'registered') await this.#acks.settled(lastAcksMs)
    this.#end(undefined)
    await this.#lifeline.stop()
  }

  async register(request: { name: string; takeOver?: boolean }, options: CallOptions = {}): Promise<Attached> {
    const name = validName(request.name)
    if (this.#state.kind === 'closed' && isLossOfName(this.#state.cause)) {
      this.#become({ kind: 'idle' })
      this.start()
    }
    this.#registering += 1
    try {
      const registrant = {
        errands: this.#errands,
        keys: this.#keys,
        membership: this.#membership,
        connection: () => this.#connection,
        attached: (attached: Attached) => this.#attached(attached, false),
      }
      return await takeName({ name, takeOver: request.takeOver ?? false }, registrant, options)
    } catch (error) {
      if (this.#registering === 1 && !this.registration) this.#outbox.abandon(error as ClientError)
      throw error
    } finally {
      this.#registering -= 1
    }
  }

  async rename(to: string, options: CallOptions = {}): Promise<Result<'rename'>> {
    const name = validName(to)
    return this.#errands.run(options, async (ask) => {
      this.#member()
      return answerOf(await ask('rename', { name }, (renamed) => this.#renamed(renamed)))
    })
  }

  async release(options: CallOptions = {}): Promise<Result<'release'>> {
    return this.#errands.run(options, async (ask) => {
      this.#member()
      return answerOf(await ask('release', {}, ({ name }) => this.#released(name)))
    })
  }

  async send(...[draft, options = {}]: Parameters<Client['send']>): Promise<Result<'send'>> {
    if (this.#state.kind === 'closed') throw this.#closedError()
    if (!this.registration && this.#registering === 0) throw refusedHere('not_registered')
    return this.#outbox.send(draft, this.#errands.patience(options), () => this.#trouble.message)
  }

  async ack(...[ids, state, route]: Parameters<Client['ack']>): Promise<void> {
    if (this.#state.kind === 'closed' || !this.registration) return
    if (state === 'shown') this.#membership.inbox.shown(ids, route)
    await this.#acks.add(ids, state, route)
  }

  request: Client['request'] = async (method, params, options = {}) =>
    this.#errands.run(options, async (ask) =>
      answerOf(await ask(method, params, (result) => this.#membership.learn(method, params, result))),
    )

  upload: Client['upload'] = (...upload) => this.#transfers.upload(...upload)
  download: Client['download'] = (...download) => this.#transfers.download(...download)

  #member(): NonNullable<Membership['member']> {
    if (!this.#membership.member) throw refusedHere('not_registered')
    return this.#membership.member
  }

  #access(): BlobAccess {
    const { token } = this.#member()
    if (!this.#connection) throw this.#trouble
    return { endpoint: this.#connection.endpoint, token, exchange: this.#exchange }
  }

  #opened(connection: Connection): void {
    this.#connection = connection
    this.#trouble = unreachable(connection.endpoint, 'it did not answer in time')
    const { member } = this.#membership
    if (!member) return this.#rest({ kind: 'ready' })
    const parts = { membership: this.#membership, keys: this.#keys, clock: this.#clock }
    returnTo(connection, member, parts, (end) => {
      if (end.kind === 'attached') this.#attached(end.attached, end.resumed)
      else this.#unnamed(end.error)
    })
  }

  #attached(attached: Attached, resumed: boolean): void {
    const former = this.registration
    if (former && resumed) this.#keeping(() => this.#keys.move(former.name, attached.name))
    const continuity = this.#membership.attached(attached, resumed)
    if (continuity === 'elsewhere') this.#acks.drop()
    if (former && continuity !== 'continued') this.#emitter.emit('reset')
    this.#emitter.emit('attached', attached)
    this.#rest({ kind: 'registered', name: attached.name })
    // A listener may have closed the client.
    if (!this.#connection) return
    this.#acks.attach(this.#connection)
    this.#outbox.attach(this.#connection)
  }

  #unnamed(cause: ClientError | undefined): void {
    this.#membership.forget()
    this.#acks.drop()
    this.#outbox.abandon(cause ?? refusedHere('not_registered'))
    this.#emitter.emit('reset')
    this.#rest({ kind: 'ready', ...(cause && { cause }) })
  }

  #released(name: string): void {
    this.#keeping(() => this.#keys.remove(name))
    this.#unnamed(undefined)
  }

  #renamed({ previous, name }: { previous: string; name: string }): void {
    if (!this.#membership.isNamed(previous)) return
    this.#keeping(() => this.#keys.move(previous, name))
    this.#membership.renamed(name)
    if (this.#state.kind === 'registered') this.#become({ kind: 'registered', name })
  }

  #notified(notification: Notification): void {
    switch (notification.method) {
      case 'message':
        return this.#arrived(notification.params)
      case 'receipt':
        return this.#emitter.emit('receipt', notification.params)
      case 'presence':
        return this.#emitter.emit('presence', notification.params)
      case 'renamed':
        this.#renamed(notification.params)
        return this.#emitter.emit('renamed', notification.params)
      case 'closing':
    }
  }

  #arrived(message: ClientEvents['message'][0]): void {
    if (this.#state.kind !== 'registered') return
    const arrival = this.#membership.inbox.arrive(message)
    if (arrival.kind === 'new') this.#emitter.emit('message', message)
    // The hub does not know that it was shown: unanswered, it would hold a place in the window for ever.
    if (arrival.kind === 'shown' && !this.#acks.has(message.id))
      void this.#acks.add([message.id], 'shown', arrival.route)
  }

  #lost(error: ClientError): void {
    this.#connection = undefined
    this.#trouble = error
    this.#outbox.detach()
    this.#acks.detach()
  }

  #end(cause: ClientError | undefined): void {
    this.#connection = undefined
    this.#outbox.abandon(cause ?? closedByOwner())
    this.#acks.detach()
    this.#acks.drop()
    if (isLossOfName(cause)) {
      this.#membership.forget()
      this.#emitter.emit('reset')
    }
    this.#become({ kind: 'closed', cause })
  }

  #rest(state: Extract<ClientState, { kind: 'ready' | 'registered' }>): void {
    this.#lifeline.settled()
    this.#become(state)
  }

  /** The only place where the state changes. What a closed client had under way changes it no more. */
  #become(state: ClientState): void {
    if (this.#state.kind === 'closed' && state.kind !== 'closed' && state.kind !== 'idle') return
    this.#state = state
    this.#emitter.emit('state', state)
    this.#errands.changed()
  }

  #closedError(): ClientError {
    return (this.#state.kind === 'closed' ? this.#state.cause : undefined) ?? closedByOwner()
  }

  /** Changes the stored keys in a socket's callback, where a failure has no call to reject. */
  #keeping(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#onError(error)
    }
  }
}
