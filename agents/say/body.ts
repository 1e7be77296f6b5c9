import type { Sentence } from './sentence.ts'

/** What is said, as typed: only the sign before it and quotes around the whole of it are left out. */
export interface Body {
  readonly text: string
  /** Whether a colon, a comma or a dash set it off. */
  readonly isSetOff: boolean
  /** Whether that says that all of it is text, to the end of its line: a comma is less than a colon. */
  readonly isFirm: boolean
  readonly isQuoted: boolean
}

const sign = /^(?:[:,;]|[-=]+>|[–—]|-+(?=\s))/
const signLength = 8
const quotes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['‘', '’'],
  ['«', '»'],
])

/** The piece of the sentence from one token to another, or to its end. */
export function readBody({ source, tokens }: Sentence, from: number, to?: number): Body {
  const before = tokens[from - 1]
  const typed = source.slice(before?.end ?? 0, to === undefined ? source.length : tokens[to]?.start).trim()
  // Where the phrase had a sign itself, the next one belongs to the text.
  const isBehindSign = before?.kind === 'mark' && sign.test(before.key)
  const [mark = ''] = (!isBehindSign && sign.exec(typed.slice(0, signLength))) || []
  const said = typed.slice(mark.length).trim()
  const inner = insideQuotes(said)
  const set = isBehindSign ? before.key : mark
  return { text: inner ?? said, isSetOff: set !== '', isFirm: set !== '' && set !== ',', isQuoted: inner !== undefined }
}

/** What one pair of quotes holds, where it holds all: in `"a" and "b"` they belong to the text. */
function insideQuotes(said: string): string | undefined {
  const opening = said[0] ?? ''
  const closing = quotes.get(opening)
  if (closing === undefined || said.length < 3 || said.at(-1) !== closing) return undefined
  const inner = said.slice(1, -1)
  const isOnePair = !inner.includes(opening) && !inner.includes(closing) && inner.trim() !== ''
  return isOnePair ? inner : undefined
}
