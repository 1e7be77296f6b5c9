/** A token between two values: what is there beside values is only this. */
export interface GapToken {
  readonly kind: 'space' | 'line comment' | 'block comment' | 'comma' | 'other'
  readonly start: number
  readonly end: number
}

const patterns = [
  ['space', /\s+/y],
  ['line comment', /\/\/[^\r\n]*/y],
  ['block comment', /\/\*[^]*?\*\//y],
  ['comma', /,/y],
] as const

/** The tokens of the text between two values, or between a bracket and a value. */
export function gapTokens(text: string, from: number, to: number): GapToken[] {
  const tokens: GapToken[] = []
  let start = from
  while (start < to) {
    const token = tokenAt(text, start)
    tokens.push(token)
    start = token.end
  }
  return tokens
}

function tokenAt(text: string, start: number): GapToken {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start
    const match = pattern.exec(text)
    if (match) return { kind, start, end: start + match[0].length }
  }
  return { kind: 'other', start, end: start + 1 }
}

export function hasBreak(text: string): boolean {
  return /[\r\n]/.test(text)
}
