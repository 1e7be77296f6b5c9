import type { Clock } from '../client/clock.ts'
import type { Moment } from '../local/wire.ts'

/**
 * Ends of turn in a row that may be prolonged to show mail: two assistants that answer each other must not
 * keep one from its user, and Claude Code ignores the ninth.
 */
const prolongedMax = 5

type Activity =
  /** No hook has told so far. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'idle' }
  /** `signAt`: milliseconds since 1970 of the last hook of this turn. An interrupted turn has no end. */
  | { readonly kind: 'busy'; readonly signAt: number }

/** Whether the assistant is at work, as its hooks tell. */
export class Turns {
  readonly #clock: Clock
  #activity: Activity = { kind: 'unknown' }
  #prolonged = 0
  /** The turn was prolonged, and what follows is its continuation: Gemini CLI calls its prompt hook for it too. */
  #continues = false
  #subagents = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A hook ran. */
  saw(moment: Moment, { subagentEnded = false } = {}): void {
    if (moment === 'subagent') this.#subagents += 1
    if (subagentEnded) this.#subagents = Math.max(0, this.#subagents - 1)
    if (moment === 'prompt' && !this.#continues) {
      this.#prolonged = 0
      this.#subagents = 0
    }
    if (moment === 'prompt' || moment === 'end-of-turn') this.#continues = false
    this.#activity = moment === 'end-of-turn' ? { kind: 'idle' } : { kind: 'busy', signAt: this.#clock.now() }
  }

  /** Whether ends of tools may be those of a subagent, in whose context mail would be lost. */
  get hasSubagent(): boolean {
    return this.#subagents > 0
  }

  /** The end of a turn was answered with mail: it goes on. */
  prolong(): void {
    this.#prolonged += 1
    this.#continues = true
    this.#activity = { kind: 'busy', signAt: this.#clock.now() }
  }

  get mayProlong(): boolean {
    return this.#prolonged < prolongedMax
  }

  /** Milliseconds since the last sign of a turn at work; undefined where none is known to be. */
  get busyFor(): number | undefined {
    return this.#activity.kind === 'busy' ? this.#clock.now() - this.#activity.signAt : undefined
  }
}
