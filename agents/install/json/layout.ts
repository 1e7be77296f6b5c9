import type { Node } from 'jsonc-parser'
import { hasBreak } from './gap.ts'

/** How a text is laid out, as far as it shows. */
export interface Layout {
  readonly eol: string
  /** One step of indentation. */
  readonly unit: string
  /** Whether a blank follows a colon. */
  readonly spaced: boolean
}

const usualUnit = '  '

export function layoutOf(text: string, root: Node): Layout {
  const first = root.children?.find((child) => hasBreak(text.slice(root.offset, child.offset)))
  return {
    eol: eolOf(text),
    unit: (first && indentAt(text, first.offset)) ?? usualUnit,
    spaced: /":\s/.test(text) || !text.includes('":'),
  }
}

export function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** The blanks before an offset, where nothing else is before it in its line. */
export function indentAt(text: string, offset: number): string | undefined {
  return /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(0, offset))?.[1]
}

/** The blanks that the line of an offset begins with. */
export function lineIndentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? ''
}

/** A value over several lines, the lines after the first indented. */
export function writeLines(value: unknown, indent: string, { eol, unit }: Layout): string {
  return JSON.stringify(value, null, '\t')
    .split('\n')
    .map((line) => line.replace(/^\t+/, (tabs) => unit.repeat(tabs.length)))
    .join(`${eol}${indent}`)
}

export function writeInline(value: unknown, { spaced }: Layout): string {
  return spaced ? JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ') : JSON.stringify(value)
}
