/** A call of `bellhop` in a shell's line: its arguments, without quotes. */
export type Call = readonly string[]

/** Words that a command may stand behind. */
const leads = new Set(['npx', 'exec', 'if', 'elif', 'then', 'else', 'while', 'until', 'do', '!', '{'])
const operators = /^(?:[|&;()]+|\d?[<>]&?\d?|\d?>>)$/

/** Every call of `bellhop` in a line for /bin/sh: as far as documents need it, and no further. */
export function callsIn(line: string): Call[] {
  const inner = [...line.matchAll(/\$\(([^()]*)\)/g)].flatMap(([, text = '']) => callsIn(text))
  const words = wordsOf(line.replaceAll(/\$\([^()]*\)/g, 'X'))
  const outer = words.flatMap(({ text, quoted }, index) => {
    if (text !== 'bellhop' || quoted || !isCommand(words.slice(0, index))) return []
    const rest = words.slice(index + 1)
    const end = rest.findIndex((word) => !word.quoted && operators.test(word.text))
    return [rest.slice(0, end === -1 ? rest.length : end).map(({ text }) => text)]
  })
  return [...outer, ...inner]
}

interface Word {
  readonly text: string
  readonly quoted: boolean
}

/** Whether the next word is the name of a program. */
function isCommand(before: readonly Word[]): boolean {
  const last = before.at(-1)
  if (last === undefined) return true
  if (last.quoted) return false
  if (/^[|&;(]+$/.test(last.text) || leads.has(last.text)) return true
  return /^[A-Z_]+=/.test(last.text) && isCommand(before.slice(0, -1))
}

function wordsOf(line: string): Word[] {
  const pattern = /\s*(?:(#.*$)|(\d?>>|\d?[<>]&?\d?|[|&;()]+)|((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s|&;()<>'"\\])+))/gy
  return [...line.matchAll(pattern)].flatMap(([, remark, operator, word]) => {
    if (remark !== undefined) return []
    if (operator !== undefined) return [{ text: operator, quoted: false }]
    const text = word!.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_all, single, double, escaped) =>
      String(single ?? double ?? escaped),
    )
    return [{ text, quoted: /^['"]/.test(word!) }]
  })
}
