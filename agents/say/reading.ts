import type { Sentence } from './sentence.ts'
import type { Understanding } from './understanding.ts'

/** Nothing is to be done. The examples may be refused themselves: they are tried before they are shown. */
export interface Doubt {
  readonly intent: 'doubt'
  readonly question?: string
  readonly examples: readonly string[]
}

export type Reading = Exclude<Understanding, { intent: 'unknown' }> | Doubt

/** Where a phrase stands. */
export interface Scene {
  readonly sentence: Sentence
  readonly known: readonly string[] | undefined
  /** Behind "I want to …": a plan, unless a sign before the text makes it a command. */
  readonly isWish: boolean
  /** "Could you tell rose …?": the question mark belongs to the courtesy. "Could you ask rose …?" may ask itself. */
  readonly isAskedToTell: boolean
  /** Whether something else, typed by itself, would be carried out. */
  readonly isCommand: (typed: string) => boolean
}

export function doubt(question: string | undefined, ...examples: readonly string[]): Doubt {
  return { intent: 'doubt', ...(question !== undefined && { question }), examples }
}
