interface Due {
  readonly at: number
  readonly callback: () => void
}

/** Timers that run when they are told to. */
export class ManualTimers {
  #now = 0
  #due = new Set<Due>()

  setTimeout(callback: () => void, ms: number): unknown {
    const due = { at: this.#now + ms, callback }
    this.#due.add(due)
    return due
  }

  clearTimeout(timer: unknown): void {
    this.#due.delete(timer as Due)
  }

  get waiting(): number {
    return this.#due.size
  }

  /** Moves time on and runs what comes due, in its order. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)
      if (!next) break
      this.#due.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
    }
    this.#now = until
  }

  /** So much time goes by while nothing runs; then what is due does. */
  stopFor(ms: number): void {
    this.#now += ms
    this.advance(0)
  }
}
