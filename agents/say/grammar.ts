import { compile, expand, type Pattern } from './pattern.ts'
import { parts } from './parts.ts'
import type { Row } from './phrase.ts'
import { table } from './phrases.ts'

/** The table of phrases, ready to be matched. */
export interface Grammar {
  readonly rows: readonly { readonly row: Row; readonly forms: readonly Pattern[] }[]
  readonly courtesy: Pattern
  readonly wish: Pattern
  readonly thanks: Pattern
  readonly asked: Pattern
  readonly telling: Pattern
  /** Every word of every phrase. */
  readonly vocabulary: ReadonlySet<string>
}

let grammar: Grammar | undefined

/** Made at first use: a shim that nobody asks for it starts without. */
export function loadGrammar(): Grammar {
  grammar ??= build()
  return grammar
}

function build(): Grammar {
  const rows = table.map((row) => ({
    row,
    forms: row.forms.map((form) => compile(form, parts)),
  }))
  return {
    rows,
    courtesy: compile('{courtesy}', parts),
    wish: compile('{wish}', parts),
    thanks: compile('{thanks}', parts),
    asked: compile('{asked}', parts),
    telling: compile('{telling}', parts),
    vocabulary: wordsOf('{courtesy}', '{wish}', '{thanks}', ...table.flatMap(({ forms }) => forms)),
  }
}

/** The words of forms, without their slots. */
function wordsOf(...forms: readonly string[]): ReadonlySet<string> {
  const written = forms.map((form) => expand(form, parts).replaceAll(/<\w+>/g, ' '))
  return new Set(written.join(' ').match(/[@#]?[\w'-]+/g))
}
