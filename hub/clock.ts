/** What the hub knows of time. Tests hand in their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

/** How long the computer's clock must disagree, steadily, before the hub believes it. */
const settleMs = 10 * 60_000
/** Differences below this are ordinary adjustment, and taken over at once. */
const jumpMs = 2_000

/**
 * A clock that does not jump: it runs on the monotonic timer, and follows the computer's clock at once
 * for small corrections, but for a jump only after it has stood for ten minutes. So a clock that is set
 * a day ahead by mistake and back again expires nothing, and a laptop that slept is right again soon.
 */
export class SteadyClock implements Clock {
  readonly #wall: () => number
  readonly #monotonic: () => number
  #offset: number
  #suspect: { readonly offset: number; readonly since: number } | undefined

  constructor(wall: () => number = Date.now, monotonic: () => number = () => performance.now()) {
    this.#wall = wall
    this.#monotonic = monotonic
    this.#offset = wall() - monotonic()
  }

  now(): number {
    const monotonic = this.#monotonic()
    const offset = this.#wall() - monotonic
    if (Math.abs(offset - this.#offset) < jumpMs) {
      // Never backwards: two times from one clock must keep their order.
      this.#offset = Math.max(offset, this.#offset)
      this.#suspect = undefined
    } else if (!this.#suspect || Math.abs(offset - this.#suspect.offset) >= jumpMs) {
      this.#suspect = { offset, since: monotonic }
    } else if (monotonic - this.#suspect.since >= settleMs) {
      this.#offset = offset
      this.#suspect = undefined
    }
    return Math.floor(monotonic + this.#offset)
  }
}
