/**
 * Characters at either end in which the grammar looks for words. No command is longer, and a text of
 * megabytes costs no more than a short one.
 */
const headLength = 400
const tailLength = 120

/** Arrows, words with "@" or "#" before them and dots or apostrophes inside, and any other sign by itself. */
const piece = /[-=]+>|(?:(?<![\p{L}\p{M}\p{N}_-])[@#])?[\p{L}\p{M}\p{N}_-]+(?:['’.][\p{L}\p{M}\p{N}_-]+)*|\S/gu
const hasLetter = /[\p{L}\p{N}]/u

/** `gap` stands for all that is not looked at. */
export interface Token {
  readonly kind: 'word' | 'mark' | 'gap'
  /** Lower case, with straight apostrophes: what phrases are compared with. */
  readonly key: string
  /** Where it stands in the sentence. */
  readonly start: number
  readonly end: number
}

/** What was typed, without the blanks around it, and its first and last words. */
export interface Sentence {
  readonly source: string
  readonly tokens: readonly Token[]
}

export function readSentence(text: string): Sentence {
  const source = text.trim()
  if (source.length <= headLength + tailLength) return { source, tokens: tokensBetween(source, 0, source.length) }
  const tailStart = source.length - tailLength
  // A word that the edge cuts is another word: it belongs to the gap.
  const head = tokensBetween(source, 0, headLength).filter(({ end }) => end < headLength)
  const tail = tokensBetween(source, tailStart, source.length).filter(({ start }) => start > tailStart)
  const gap: Token = {
    kind: 'gap',
    key: '',
    start: head.at(-1)?.end ?? 0,
    end: tail[0]?.start ?? source.length,
  }
  return { source, tokens: [...head, gap, ...tail] }
}

function tokensBetween(source: string, from: number, to: number): Token[] {
  return [...source.slice(from, to).matchAll(piece)].map(({ 0: raw, index }) => ({
    kind: hasLetter.test(raw) ? 'word' : 'mark',
    key: raw.toLowerCase().replaceAll('’', "'"),
    start: from + index,
    end: from + index + raw.length,
  }))
}
