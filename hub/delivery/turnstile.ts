/**
 * Lets things through in the order in which they arrived, however long each took to get ready. A send
 * that had to look something up must not be overtaken by the next one of the same sender [D-3].
 */
export class Turnstile {
  #tail: Promise<unknown> = Promise.resolve()

  /** Resolves with what was prepared, after all that came before. */
  pass<T>(prepared: Promise<T>): Promise<T> {
    const mine = this.#tail.then(() => prepared)
    this.#tail = mine.catch(() => undefined)
    // A preparation that fails early is reported by `mine`; until then it is not unhandled.
    prepared.catch(() => undefined)
    return mine
  }
}
