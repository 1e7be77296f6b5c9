import { isDeepStrictEqual } from 'node:util'
import { getStaticTOMLValue, ParseError, parseTOML, type AST } from 'toml-eslint-parser'
import type { Path } from '../part.ts'
import { TextProblem } from '../problem.ts'

export type Table = Readonly<Record<string, unknown>>

/** The value at one place of a document: a table with a header of its own, or a key with its value. */
export type Piece =
  | { readonly kind: 'table'; readonly node: AST.TOMLTable }
  | { readonly kind: 'line'; readonly node: AST.TOMLKeyValue }
  | { readonly kind: 'member'; readonly node: AST.TOMLKeyValue; readonly table: AST.TOMLInlineTable }

/** Throws `TextProblem`. */
export function parseToml(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text)
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new TextProblem(`this is not valid TOML (${error.message})`, error.lineNumber)
  }
}

export function tableOf(program: AST.TOMLProgram): Table {
  return getStaticTOMLValue(program)
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** Whatever in a document has a path, or lies below it; in the order of the text. */
export function piecesAt(program: AST.TOMLProgram, path: Path): Piece[] {
  return program.body[0].body.flatMap((node) => {
    if (node.type === 'TOMLKeyValue') return piecesOf({ kind: 'line', node }, [], path)
    if (startsWith(node.resolvedKey, path)) return [{ kind: 'table', node } satisfies Piece]
    return node.body.flatMap((pair) => piecesOf({ kind: 'line', node: pair }, node.resolvedKey, path))
  })
}

function piecesOf(piece: Exclude<Piece, { kind: 'table' }>, base: readonly (string | number)[], path: Path): Piece[] {
  const { key, value } = piece.node
  const full = [...base, ...key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value))]
  if (startsWith(full, path)) return [piece]
  if (value.type !== 'TOMLInlineTable' || !startsWith(path, full)) return []
  return value.body.flatMap((node) => piecesOf({ kind: 'member', node, table: value }, full, path))
}

function startsWith(whole: readonly (string | number)[], start: readonly (string | number)[]): boolean {
  return isDeepStrictEqual(whole.slice(0, start.length), start)
}
