import type { Clock } from './clock.ts'

/** Milliseconds that a hub may be late with its second ping, and that it may take to answer a question. */
const graceMs = 8_000

interface VigilOptions {
  readonly clock: Clock
  /** The interval of the hub's pings, in milliseconds. */
  readonly pingMs: number
  readonly hearsPings: boolean
  /** Asks the hub for any sign of life. */
  readonly ask: () => void
  /** Nothing came, for whatever this says. */
  readonly dead: (problem: string) => void
}

/**
 * Notices a hub that has died without a word, or a network that has [P-8]. Where pings are heard, two that
 * do not come say so. Where the runtime hides them, a hub that was silent for as long is asked, and must answer.
 * The wait for the answer begins when the question is put, and not before: browsers stop the clocks of
 * hidden pages and sleeping laptops, and a question that was put late must not find its time over.
 */
export class Vigil {
  readonly #options: VigilOptions
  #cancel: () => void = () => {}

  constructor(options: VigilOptions) {
    this.#options = options
    this.heard()
  }

  /** A sign of life. */
  heard(): void {
    this.#cancel()
    const { clock, pingMs, hearsPings } = this.#options
    if (hearsPings) this.#wait(pingMs * 2 + graceMs)
    else this.#cancel = clock.after(pingMs, () => this.#ask())
  }

  end(): void {
    this.#cancel()
  }

  #ask(): void {
    this.#wait(graceMs)
    this.#options.ask()
  }

  /** In two halves: a program that slept meanwhile finds one over, and hears what came before the other is. */
  #wait(ms: number): void {
    const { clock, dead } = this.#options
    this.#cancel = clock.after(ms / 2, () => {
      this.#cancel = clock.after(ms / 2, () => dead(`nothing came from it for ${ms} ms`))
    })
  }
}
