import type { Intent } from './understanding.ts'

/**
 * How firmly a phrase with a recipient stands where its text follows without a sign or a joining word.
 * `firm`: "tell rose hello" is a command. `noun`: the verb is a noun as well, "message queue is broken".
 * `loose`: "send rose hello" may be anything; a sign, quotes, "@" or a known name must make it clear.
 */
export type Footing = 'firm' | 'noun' | 'loose'

/** What people type for one intent: a row of the table of phrases. */
export interface Row {
  /** `ask`: it cannot be carried out as it stands, and the question says why. */
  readonly intent: Intent | 'ask'
  readonly question?: string
  readonly footing?: Footing
  readonly forms: readonly string[]
  /** Suggested where a sentence comes close. "NAME" stands for a known name. */
  readonly examples?: readonly string[]
}
