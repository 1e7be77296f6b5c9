import type { Edit, Node } from 'jsonc-parser'
import { gapTokens, hasBreak } from './gap.ts'
import { indentAt, layoutOf, lineIndentAt, writeInline, writeLines, type Layout } from './layout.ts'
import { endOf } from './syntax.ts'

interface Place {
  readonly text: string
  readonly container: Node
  readonly layout: Layout
}

/**
 * Puts a value at the end of an object (under a name) or of an array, in the layout of its neighbours.
 * Only inserts: every byte of the text stays, and a comment stays in the line where it is.
 */
export function insertion(text: string, root: Node, container: Node, value: unknown, name?: string): Edit[] {
  const place = { text, container, layout: layoutOf(text, root) }
  const last = container.children?.at(-1)
  return last ? afterLast(place, last, value, name) : intoEmpty(place, root, value, name)
}

function afterLast({ text, container, layout }: Place, last: Node, value: unknown, name: string | undefined): Edit[] {
  const close = endOf(container) - 1
  const gap = gapTokens(text, endOf(last), close)
  const comma = gap.find(({ kind }) => kind === 'comma')
  const point = endOfLine(text, comma?.end ?? endOf(last), close)
  const isOpen = hasBreak(text.slice(container.offset, last.offset)) || hasBreak(text.slice(endOf(last), close))
  const indent = isOpen ? childIndent(text, container, layout) : ''
  const before = isOpen ? `${layout.eol}${indent}` : layout.spaced ? ' ' : ''
  const added = `${before}${written(value, name, isOpen ? indent : undefined, layout)}${comma ? ',' : ''}`
  if (comma) return [insert(point, added)]
  return point === endOf(last) ? [insert(point, `,${added}`)] : [insert(endOf(last), ','), insert(point, added)]
}

function intoEmpty({ text, container, layout }: Place, root: Node, value: unknown, name: string | undefined): Edit[] {
  const close = endOf(container) - 1
  const isOpen = container === root || hasBreak(text.trim())
  const lastComment = gapTokens(text, container.offset + 1, close).findLast(({ kind }) => kind.endsWith('comment'))
  const point = lastComment?.end ?? container.offset + 1
  if (!isOpen) return [insert(point, written(value, name, undefined, layout))]
  const outer = lineIndentAt(text, container.offset)
  const indent = `${outer}${layout.unit}`
  const after = hasBreak(text.slice(point, close)) ? '' : `${layout.eol}${outer}`
  return [insert(point, `${layout.eol}${indent}${written(value, name, indent, layout)}${after}`)]
}

/** After the comments that stand in the rest of the line. */
function endOfLine(text: string, from: number, close: number): number {
  let point = from
  for (const { kind, start, end } of gapTokens(text, from, close)) {
    if (kind === 'space' ? hasBreak(text.slice(start, end)) : !kind.endsWith('comment')) break
    if (kind !== 'space') point = end
  }
  return point
}

function childIndent(text: string, container: Node, { unit }: Layout): string {
  const children = (container.children ?? []).toReversed()
  const indents = children.map((child) => indentAt(text, child.offset))
  return indents.find((indent) => indent !== undefined) ?? `${lineIndentAt(text, container.offset)}${unit}`
}

/** `indent` undefined: in one line. */
function written(value: unknown, name: string | undefined, indent: string | undefined, layout: Layout): string {
  const text = indent === undefined ? writeInline(value, layout) : writeLines(value, indent, layout)
  return name === undefined ? text : `${JSON.stringify(name)}:${layout.spaced ? ' ' : ''}${text}`
}

function insert(offset: number, content: string): Edit {
  return { offset, length: 0, content }
}
