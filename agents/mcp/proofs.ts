import type { MessageId, Route } from '../../protocol/index.ts'
import type { Clock } from '../client/clock.ts'

/** Announced messages that are remembered until they are shown. */
const remembered = 1_024

/** Which routes have shown mail in this session, and when: what works, as against what should. */
export class Proofs {
  readonly #clock: Clock
  readonly #provenAt = new Map<Route, number>()
  readonly #announced = new Map<MessageId, Route>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds since 1970; undefined where it has shown nothing so far. */
  provenAt(route: Route): number | undefined {
    return this.#provenAt.get(route)
  }

  /** An idle assistant was rung for this mail: whether that woke it, its being shown will tell. */
  announced(ids: readonly MessageId[], route: Route): void {
    for (const id of ids) this.#announced.set(id, route)
    for (const id of this.#announced.keys()) {
      if (this.#announced.size <= remembered) break
      this.#announced.delete(id)
    }
  }

  shown(ids: readonly MessageId[], route: Route): void {
    const announcers = ids.flatMap((id) => this.#announced.get(id) ?? [])
    for (const id of ids) this.#announced.delete(id)
    for (const proven of [route, ...announcers]) this.#provenAt.set(proven, this.#clock.now())
  }
}
