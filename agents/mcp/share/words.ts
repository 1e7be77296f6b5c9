/** A command line as words, or why it cannot be run without a shell. */
export type Split =
  | { readonly kind: 'words'; readonly words: readonly [string, ...string[]] }
  | { readonly kind: 'not-plain'; readonly problem: string }

/** Characters that mean something to a shell outside quotes. */
const operators = '|&;<>()$`*?\n'
/** Characters that mean something to a shell inside double quotes. */
const expansions = '$`'

/**
 * Splits as a POSIX shell does: blanks separate, '…' is literal, "…" and outside take a backslash.
 * What only a shell could carry out is refused: passed on literally, it would do something else.
 */
export function splitCommand(command: string): Split {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  for (let index = 0; index < command.length; index += 1) {
    const character = command[index]!
    if (character === quote) {
      quote = undefined
    } else if (quote === "'") {
      word += character
    } else if (character === '\\') {
      index += 1
      if (index === command.length) return notPlain('it ends with a backslash')
      const next = command[index]!
      word = (word ?? '') + (quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next)
    } else if ((quote === '"' ? expansions : operators).includes(character)) {
      return notPlain(`${JSON.stringify(character)} needs a shell; in single quotes it is taken literally`)
    } else if (quote === '"') {
      word += character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + character
    }
  }
  if (quote) return notPlain(`a ${quote} is not closed`)
  if (word !== undefined) words.push(word)
  const [program, ...rest] = words
  return program ? { kind: 'words', words: [program, ...rest] } : notPlain('it names no program')
}

function notPlain(problem: string): Split {
  return { kind: 'not-plain', problem }
}
