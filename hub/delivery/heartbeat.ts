/** What a heartbeat asks of a connection. */
export interface Pingable {
  ping(): void
  /** Called when a ping was not answered in time. */
  unresponsive(): void
}

/** The timers of the platform, or a test's. */
export interface Timers {
  setTimeout(callback: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
}

export const realTimers: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
}

/** One connection's pulse: a ping at an interval, and a bounded wait for its answer. */
export class Heartbeat {
  readonly #peer: Pingable
  readonly #every: number
  readonly #within: number
  readonly #timers: Timers
  #timer: unknown
  #waiters: ((alive: boolean) => void)[] = []
  #stopped = false

  constructor(peer: Pingable, every: number, within: number, timers: Timers = realTimers) {
    this.#peer = peer
    this.#every = every
    this.#within = within
    this.#timers = timers
    this.#rest()
  }

  /** Anything came from the peer: it lives. */
  beat(): void {
    if (this.#stopped) return
    this.#tell(true)
    this.#timers.clearTimeout(this.#timer)
    this.#rest()
  }

  /** Pings now, and resolves with whether the peer answered in time. */
  probe(): Promise<boolean> {
    if (this.#stopped) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#waiters.push(resolve)
      if (this.#waiters.length === 1) this.#ask()
    })
  }

  stop(): void {
    this.#stopped = true
    this.#timers.clearTimeout(this.#timer)
    this.#tell(false)
  }

  #rest(): void {
    this.#timer = this.#timers.setTimeout(() => this.#ask(), this.#every)
  }

  /** Waits in two halves: a hub that was stopped meanwhile finds one over, and hears what came before the other is. */
  #ask(): void {
    this.#timers.clearTimeout(this.#timer)
    const half = this.#within / 2
    this.#timer = this.#timers.setTimeout(() => {
      this.#timer = this.#timers.setTimeout(() => this.#giveUp(), half)
    }, half)
    this.#peer.ping()
  }

  #giveUp(): void {
    this.stop()
    this.#peer.unresponsive()
  }

  #tell(alive: boolean): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) waiter(alive)
  }
}
