import type { AgentName } from '../protocol/index.ts'
import type { Clock } from './clock.ts'
import type { Ledger } from './ledger/ledger.ts'
import { knownNames, similarNames, type KnownName } from './rules/similar.ts'

/** Names that a suggestion is looked for among, the most recently seen: comparing with more would cost more than the message. */
const suggestFrom = 200
/** Milliseconds for which they are not asked for again. */
const freshMs = 1_000

/** What a name that nobody has may have been meant for [D-7]. The names are asked for once for all sends of a second. */
export class Suggestions {
  readonly #ledger: Pick<Ledger, 'recentNames'>
  readonly #clock: Clock
  #known: { readonly names: Promise<readonly KnownName[]>; readonly until: number } | undefined

  constructor(ledger: Pick<Ledger, 'recentNames'>, clock: Clock) {
    this.#ledger = ledger
    this.#clock = clock
  }

  /** Names have changed: the next send asks for them. */
  forget(): void {
    this.#known = undefined
  }

  async for(name: AgentName): Promise<AgentName[]> {
    const now = this.#clock.now()
    if (this.#known === undefined || now >= this.#known.until) {
      // A suggestion is not worth an answer: where the names cannot be read, there is none.
      const names = this.#ledger.recentNames(suggestFrom).then(knownNames, () => [])
      this.#known = { names, until: now + freshMs }
    }
    return similarNames(name, await this.#known.names)
  }
}
