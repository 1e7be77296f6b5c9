import type { AST } from 'toml-eslint-parser'
import { eolOf } from '../json/layout.ts'
import type { Piece } from './syntax.ts'

type Words = string | readonly string[]

/** A string or a list of strings. TOML's basic strings take every escape that JSON writes. */
export function tomlValue(value: Words): string {
  return typeof value === 'string' ? JSON.stringify(value) : `[${value.map((word) => JSON.stringify(word)).join(', ')}]`
}

function pairs(values: Readonly<Record<string, Words>>): string[] {
  return Object.entries(values).map(([key, value]) => `${key} = ${tomlValue(value)}`)
}

/** A table of its own at the end, where it is in nobody's way. */
export function appendTable(text: string, name: string, values: Readonly<Record<string, Words>>): string {
  const eol = eolOf(text)
  const table = [`[${name}]`, ...pairs(values), ''].join(eol)
  if (text.trim() === '') return `${text}${table}`
  const ending = /(?:\r?\n){2}$/.test(text) ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`
  return `${text}${ending}${table}`
}

/** A member of an inline table, after its last. */
export function insertMember(
  text: string,
  table: AST.TOMLInlineTable,
  name: string,
  values: Readonly<Record<string, Words>>,
): string {
  const member = `${name} = { ${pairs(values).join(', ')} }`
  const last = table.body.at(-1)
  return last
    ? splice(text, last.range[1], last.range[1], `, ${member}`)
    : splice(text, table.range[0] + 1, table.range[0] + 1, ` ${member} `)
}

export function splice(text: string, from: number, to: number, content: string): string {
  return text.slice(0, from) + content + text.slice(to)
}

/** The text without a piece. Comments stay, except those inside of a table or in the line of a key. */
export function withoutPiece(text: string, program: AST.TOMLProgram, piece: Piece): string {
  const [from, to] = piece.kind === 'member' ? memberRange(program, piece) : lineRange(text, piece)
  return splice(text, from, to, '')
}

/** Whole lines; of a table that has an empty line before it and none after it, that one too. */
function lineRange(text: string, { kind, node }: Piece): [number, number] {
  const from = text.lastIndexOf('\n', node.range[0] - 1) + 1
  const lineEnd = text.indexOf('\n', node.range[1])
  const to = lineEnd === -1 ? text.length : lineEnd + 1
  if (kind !== 'table' || !/^(?:\r?\n|\[|$)/.test(text.slice(to))) return [from, to]
  const blank = /(?:^|\n)(\r?\n)$/.exec(text.slice(0, from))?.[1] ?? ''
  return [from - blank.length, to]
}

/** With one comma: the one after it, or else the one before it. */
function memberRange(program: AST.TOMLProgram, { node, table }: Extract<Piece, { kind: 'member' }>): [number, number] {
  const index = table.body.indexOf(node)
  const [previous, next] = [table.body[index - 1], table.body[index + 1]]
  const hasComment = (from: number, to: number): boolean =>
    program.comments.some(({ range }) => range[0] >= from && range[1] <= to)
  const [start, end] = node.range
  const comma = program.tokens.find(({ value, range }) => value === ',' && range[0] >= end && range[1] < table.range[1])
  if (next && !hasComment(end, next.range[0])) return [start, next.range[0]]
  if (!next && previous && !hasComment(previous.range[1], start)) return [previous.range[1], end]
  // Alone; or with a comment beside it, where the text has lines and a comma too many is no matter.
  return [start, comma?.range[1] ?? end]
}
