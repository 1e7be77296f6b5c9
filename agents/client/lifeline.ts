import { backoff, quickRetryMs } from './backoff.ts'
import { ClientError, type ClientState } from './client.ts'
import type { Clock } from './clock.ts'
import { Connection, type ConnectionEvents, type ConnectionOptions, type Loss } from './connection.ts'
import type { Endpoint } from './endpoint.ts'
import { unreachable } from './failures.ts'

/** Milliseconds for which a connection must have served before the next loss counts as the first again. */
const steadyMs = 1_000
/**
 * A local hub that dies is started again in a moment, so its clients look for it at once, and are back
 * within 2 s however often it dies [§9]. Only where it dies time and again do they look a little later.
 */
const quickLossesOfLocalHub = 5
const longestLocalWaitMs = 1_000
/** Failed attempts in a row after which a hub that cannot be started from here is not expected any moment. */
const discouragingLosses = 3

type Passing = Extract<ClientState, { kind: 'connecting' | 'authenticating' | 'waiting' }>

/** Brings up a hub where none answers. */
export interface Starter {
  /**
   * Nobody answered: does what is to be done about it. Returns the milliseconds until the next attempt,
   * or undefined where no hub came up in time.
   */
  advance(): number | undefined
  /** A hub answers. */
  found(): void
}

export interface LifelineOptions extends Pick<ConnectionOptions, 'dial' | 'clock' | 'client' | 'secret'> {
  readonly clock: Clock
  readonly random: () => number
  readonly locate: () => Endpoint
  /** Present where a hub may be started. */
  readonly starter: Starter | undefined
  readonly events: Pick<ConnectionEvents, 'opened' | 'notification'> & {
    readonly state: (state: Passing) => void
    /** The connection is gone; another attempt follows. */
    readonly lost: (error: ClientError) => void
    /** No other attempt follows, unless `connect` is called again. */
    readonly ended: (error: ClientError) => void
  }
}

/** Keeps one connection to the hub: connects, notices the end, starts a hub where it may, waits, connects again. */
export class Lifeline {
  readonly #options: LifelineOptions
  #connection: Connection | undefined
  #cancelRetry: (() => void) | undefined
  #losses = 0
  #steadySince: number | undefined
  #stopped = false

  constructor(options: LifelineOptions) {
    this.#options = options
  }

  /** Begins, or begins again after `ended`. The first attempt is number 1. */
  connect(attempt: number): void {
    const { locate, events, dial, clock, client, secret } = this.#options
    if (this.#stopped) return
    events.state({ kind: 'connecting', attempt })
    let endpoint: Endpoint | undefined
    try {
      endpoint = locate()
      this.#connection = new Connection({
        endpoint,
        dial,
        clock,
        client,
        secret,
        events: {
          authenticating: () => events.state({ kind: 'authenticating' }),
          opened: events.opened,
          notification: events.notification,
          closed: (loss) => this.#closed(loss, attempt),
        },
      })
    } catch (error) {
      // An address that nothing can be dialled at.
      events.ended(error instanceof ClientError ? error : unreachable(endpoint, String(error)))
    }
  }

  /** Nobody starts this hub, and several attempts in a row have not reached it. */
  get isDiscouraged(): boolean {
    const { starter } = this.#options
    return !starter && this.#steadySince === undefined && this.#losses >= discouragingLosses
  }

  /** The client has what it came for on this connection. */
  settled(): void {
    this.#steadySince ??= this.#options.clock.now()
    this.#options.starter?.found()
  }

  /** Makes no more attempts, and closes the connection that there is. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelRetry?.()
    await this.#connection?.close()
  }

  #closed(loss: Loss, attempt: number): void {
    if (this.#stopped) return
    this.#connection = undefined
    const { events, clock } = this.#options
    if (loss.final) {
      this.#steadySince = undefined
      this.#losses = 0
      events.ended(loss.error)
      return
    }
    events.lost(loss.error)
    const soon = loss.nobodyThere ? this.#options.starter?.advance() : undefined
    const delay = Math.round(this.#delay(loss, soon))
    this.#cancelRetry = clock.after(delay, () => this.connect(attempt + 1))
    const isStarting = soon !== undefined
    events.state({ kind: 'waiting', at: clock.now() + delay, attempt, cause: loss.error, isStarting })
  }

  /** `soon`: when to look for the hub that is being started. */
  #delay({ nobodyThere, reconnectAfterMs }: Loss, soon: number | undefined): number {
    const { clock, random, starter } = this.#options
    const since = this.#steadySince
    this.#steadySince = undefined
    if (soon !== undefined) return soon
    this.#losses = since !== undefined && clock.now() - since >= steadyMs ? 1 : this.#losses + 1
    const wait = starter && !nobodyThere ? this.#localWait() : backoff(this.#losses, random)
    return Math.max(wait, reconnectAfterMs ?? 0)
  }

  #localWait(): number {
    return this.#options.random() * (this.#losses <= quickLossesOfLocalHub ? quickRetryMs : longestLocalWaitMs)
  }
}
