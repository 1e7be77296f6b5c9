/**
 * The notation of phrases: words as they are typed; `[may be left out]`; `(one|or another)`; `:` and `,` the signs;
 * `{part}` a piece with a name; `<to>`, `<topic>`, `<mention>`, `<name>`, `<minutes>` and `<text>` what is caught.
 */
export type Pattern =
  | { readonly kind: 'end' }
  | { readonly kind: 'word' | 'mark'; readonly word: string; readonly next: Pattern }
  | { readonly kind: 'slot'; readonly slot: Slot; readonly next: Pattern }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }

export type Slot = 'to' | 'topic' | 'mention' | 'name' | 'minutes' | 'text'

const end: Pattern = { kind: 'end' }
const symbol = /[[\](){}|:,]|<\w+>|[^\s[\](){}|:,<>]+/g

/** Reads the notation. Throws where a phrase of ours is written wrongly. */
export function compile(notation: string, parts: Readonly<Record<string, string>>): Pattern {
  const symbols = expand(notation, parts).match(symbol) ?? []
  let at = 0
  const build = alternatives()
  if (at < symbols.length) throw new Error(`"${notation}" closes what it has not opened.`)
  return build(end)

  /** Up to what closes the group. What follows a group is known only later, so this returns how to put it on. */
  function alternatives(): (next: Pattern) => Pattern {
    const options = [sequence()]
    while (symbols[at] === '|') {
      at++
      options.push(sequence())
    }
    return options.length === 1 && options[0]
      ? options[0]
      : (next) => ({ kind: 'choice', options: options.map((option) => option(next)) })
  }

  function sequence(): (next: Pattern) => Pattern {
    const items: ((next: Pattern) => Pattern)[] = []
    for (let found = symbols[at]; found !== undefined && !'|)]'.includes(found); found = symbols[at]) {
      at++
      items.push(item(found))
    }
    return (next) => items.reduceRight((rest, put) => put(rest), next)
  }

  function item(found: string): (next: Pattern) => Pattern {
    if (found === '(' || found === '[') {
      const inner = alternatives()
      if (symbols[at++] !== (found === '(' ? ')' : ']')) throw new Error(`"${notation}" does not close "${found}".`)
      return found === '(' ? inner : (next) => ({ kind: 'choice', options: [inner(next), next] })
    }
    if (found.startsWith('<')) return (next) => ({ kind: 'slot', slot: found.slice(1, -1) as Slot, next })
    return (next) => ({ kind: ':,'.includes(found) ? 'mark' : 'word', word: found, next })
  }
}

/** The notation with its pieces written out. */
export function expand(notation: string, parts: Readonly<Record<string, string>>): string {
  return notation.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`There is no part {${name}}.`)
    return `(${expand(part, parts)})`
  })
}
