/** What kept a conversation from going on as the vector says. */
export class Fault extends Error {
  override readonly name = 'Fault'
}

interface Waiter<T> {
  readonly wants: (item: T) => boolean
  readonly resolve: (item: T) => void
  readonly reject: (error: Error) => void
}

/** Things that come by themselves, kept until somebody asks for them. */
export class Stream<T> {
  #items: T[] = []
  #waiters: Waiter<T>[] = []
  #end: string | undefined

  push(item: T): void {
    const index = this.#waiters.findIndex(({ wants }) => wants(item))
    if (index < 0) this.#items.push(item)
    else this.#waiters.splice(index, 1)[0]!.resolve(item)
  }

  /** Nothing more will come, for this reason: whoever waits is told at once. */
  end(reason: string): void {
    this.#end ??= reason
    for (const { reject } of this.#waiters) reject(new Fault(reason))
    this.#waiters = []
  }

  /** What came and was not taken. */
  get left(): readonly T[] {
    return this.#items
  }

  /** Takes the first that is wanted, kept or to come. Rejects with a `Fault` at the deadline or the end. */
  take(wants: (item: T) => boolean, what: string, deadlineMs: number): Promise<T> {
    const kept = this.#items.findIndex(wants)
    if (kept >= 0) return Promise.resolve(this.#items.splice(kept, 1)[0]!)
    if (this.#end !== undefined) return Promise.reject(new Fault(`${what} did not come: ${this.#end}`))
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const waiter: Waiter<T> = {
      wants,
      resolve,
      reject: (error) => reject(new Fault(`${what} did not come: ${error.message}`)),
    }
    this.#waiters.push(waiter)
    return withDeadline(promise, what, deadlineMs, () => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter)
    })
  }
}

/** Rejects with a `Fault` where it does not come in time. `late` runs then. */
export function withDeadline<T>(promise: Promise<T>, what: string, deadlineMs: number, late?: () => void): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late?.()
    reject(new Fault(`${what} did not come within ${deadlineMs} ms`))
  }, deadlineMs)
  return Promise.race([promise, expired]).finally(() => clearTimeout(timer))
}
