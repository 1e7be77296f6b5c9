import type { Clock } from '../../agents/client/index.ts'

interface Task {
  readonly at: number
  readonly run: () => void
}

/** Time that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-11-22T12:00:00.000Z')
  readonly #tasks = new Set<Task>()

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const task = { at: this.#now + ms, run }
    this.#tasks.add(task)
    return () => this.#tasks.delete(task)
  }

  /** How many tasks wait for their time. */
  get waiting(): number {
    return this.#tasks.size
  }

  /** Lets so many milliseconds pass, and runs what is due on the way, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const due = [...this.#tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#tasks.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#now = end
  }

  /** So many milliseconds go by while nothing runs, as in sleep; then what is due does. */
  stopFor(ms: number): void {
    this.#now += ms
    this.advance(0)
  }
}
