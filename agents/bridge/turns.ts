import { systemClock } from '../client/clock.ts'
import type { ClientError } from '../client/index.ts'
import { settledBy, startDeadline } from '../client/deadline.ts'
import { bridgeLimits } from './limits.ts'

/** Work that must not overlap with other work of the same key. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Waits until the others are done, at most as long as the hub may take; the answer ends the turn. */
  async take(key: string, late: () => ClientError): Promise<() => void> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const { promise, resolve: done } = Promise.withResolvers<void>()
    const turn = before.then(() => promise)
    this.#last.set(key, turn)
    void turn.finally(() => {
      if (this.#last.get(key) === turn) this.#last.delete(key)
    })
    const deadline = startDeadline(systemClock, { timeoutMs: bridgeLimits.hubMs }, { expired: late })
    try {
      await settledBy<void>(deadline.signal, (resolve) => void before.then(resolve))
      return done
    } catch (error) {
      done()
      throw error
    } finally {
      deadline.end()
    }
  }
}
