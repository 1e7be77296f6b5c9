import { readRhythm, type Rhythm } from './minutes.ts'
import type { Pattern } from './pattern.ts'
import type { Sentence, Token } from './sentence.ts'
import { correctionsOf } from './typos.ts'

/** A word where a name is expected. */
export interface Caught {
  readonly token: Token
  readonly isQuoted: boolean
  /** The token behind it and its quotes. */
  readonly next: number
}

/** Where in the sentence, by token, what a phrase catches stands. */
export interface Match {
  readonly to?: Caught
  readonly name?: Caught
  readonly rhythm?: Rhythm
  readonly text?: { readonly from: number; readonly to?: number }
}

const openingQuote = /^["'`“‘«]$/
const closingQuote = /^["'`”’»]$/

/** Reads one sentence with many phrases. Slips are looked up once for each word. */
export class Matcher {
  readonly #tokens: readonly Token[]
  readonly #vocabulary: ReadonlySet<string>
  readonly #corrections = new Map<Token, readonly string[]>()

  /** `vocabulary`: words that are in some phrase as they are, and therefore no slips. */
  constructor({ tokens }: Sentence, vocabulary: ReadonlySet<string>) {
    this.#tokens = tokens
    this.#vocabulary = vocabulary
  }

  /** `isDone` says whether the sentence may end at a token: not asked where a text runs to its end. */
  match(pattern: Pattern, at: number, isDone: (at: number) => boolean, caught: Match = {}): Match | undefined {
    const token = this.#tokens[at]
    switch (pattern.kind) {
      case 'end':
        return isDone(at) ? caught : undefined
      case 'word':
        return token?.kind === 'word' && this.#means(token, pattern.word)
          ? this.match(pattern.next, at + 1, isDone, caught)
          : undefined
      case 'mark':
        return token?.kind === 'mark' && token.key === pattern.word
          ? this.match(pattern.next, at + 1, isDone, caught)
          : undefined
      case 'choice':
        for (const option of pattern.options) {
          const found = this.match(option, at, isDone, caught)
          if (found) return found
        }
        return undefined
      case 'slot':
        switch (pattern.slot) {
          case 'to':
          case 'name': {
            const word = this.#word(at)
            return word && this.match(pattern.next, word.next, isDone, { ...caught, [pattern.slot]: word })
          }
          case 'topic':
          case 'mention': {
            const sign = pattern.slot === 'topic' ? '#' : '@'
            const word = token?.key.startsWith(sign) ? this.#word(at) : undefined
            return word && this.match(pattern.next, word.next, isDone, { ...caught, to: word })
          }
          case 'minutes': {
            const rhythm = readRhythm(this.#tokens, at)
            return rhythm && this.match(pattern.next, rhythm.next, isDone, { ...caught, rhythm })
          }
          case 'text':
            return this.#text(pattern.next, at, isDone, caught)
        }
    }
  }

  /** How far a piece of a phrase reaches at most; `at` where it does not fit. */
  reach(pattern: Pattern, at: number): number {
    let farthest = at
    this.match(pattern, at, (end) => {
      farthest = Math.max(farthest, end)
      return false
    })
    return farthest
  }

  /** A text in the middle ends as late as it can: it may hold the words that follow it, too. */
  #text(next: Pattern, from: number, isDone: (at: number) => boolean, caught: Match): Match | undefined {
    if (next.kind === 'end') return { ...caught, text: { from } }
    for (let to = this.#tokens.length - 1; to > from; to--) {
      const found = this.match(next, to, isDone, { ...caught, text: { from, to } })
      if (found) return found
    }
    return undefined
  }

  #word(at: number): Caught | undefined {
    const [first, second, third] = this.#tokens.slice(at, at + 3)
    if (first?.kind === 'word') return { token: first, isQuoted: false, next: at + 1 }
    const isQuoted =
      openingQuote.test(first?.key ?? '') && second?.kind === 'word' && closingQuote.test(third?.key ?? '')
    return isQuoted && second ? { token: second, isQuoted, next: at + 3 } : undefined
  }

  #means(token: Token, word: string): boolean {
    if (token.key === word) return true
    const known = this.#corrections.get(token)
    const corrections = known ?? (this.#vocabulary.has(token.key) ? [] : correctionsOf(token.key))
    if (!known) this.#corrections.set(token, corrections)
    return corrections.includes(word)
  }
}
