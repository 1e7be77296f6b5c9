import type { Reply } from './model.ts'

/** A turn of the model that the test holds open: until it is released, its assistant is busy. */
export class HeldTurn {
  /** Resolves when the assistant waits for the answer. */
  readonly asked: Promise<void>
  readonly #answer: Promise<Reply>
  #ask: () => void = () => undefined
  #release: (reply: Reply) => void = () => undefined

  constructor() {
    this.asked = new Promise((resolve) => (this.#ask = resolve))
    this.#answer = new Promise((resolve) => (this.#release = resolve))
  }

  /** What the model answers. */
  readonly answer = (): Promise<Reply> => {
    this.#ask()
    return this.#answer
  }

  release(reply: Reply): void {
    this.#release(reply)
  }
}
