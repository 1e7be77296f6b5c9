import type { Edit, Node } from 'jsonc-parser'
import { gapTokens, hasBreak, type GapToken } from './gap.ts'
import { endOf } from './syntax.ts'

/**
 * Takes a child out of an object or array, with one comma and the blanks before it: the reverse of
 * an insertion. Comments around it stay, since they are not ours.
 */
export function removal(text: string, container: Node, child: Node): Edit[] {
  const children = container.children ?? []
  const index = children.indexOf(child)
  const [previous, next] = [children[index - 1], children[index + 1]]
  const [open, close] = [container.offset + 1, endOf(container) - 1]
  const gapBefore = gapTokens(text, previous ? endOf(previous) : open, child.offset)
  const gapAfter = gapTokens(text, endOf(child), next?.offset ?? close)

  const ownComma = gapAfter.find(isComma)
  const comma = ownComma ?? gapBefore.find(isComma)
  if (children.length === 1 && isBlank(text, [...gapBefore, ...gapAfter])) return [cut(open, close)]

  const space = gapBefore.at(-1)?.kind === 'space' ? gapBefore.at(-1) : undefined
  const from = space && !isNeeded() ? space.start : child.offset
  const edits = [cut(from, endOf(child)), ...(comma ? [cut(comma.start, comma.end)] : [])]
  const blanks = gapAfter[ownComma ? gapAfter.indexOf(ownComma) + 1 : 0]
  // Where the child came first in its line without a blank, the next one gets its place.
  if (!space && next && blanks?.kind === 'space' && !hasBreak(text.slice(blanks.start, blanks.end))) {
    edits.push(cut(blanks.start, blanks.end))
  }
  return edits

  /** Whether the line break before the child has to stay, for the sake of what follows in its line. */
  function isNeeded(): boolean {
    const endsInLineComment = gapBefore.at(-2)?.kind === 'line comment'
    const rest = /^[^\r\n]*/.exec(text.slice(ownComma?.end ?? endOf(child)))?.[0].trim() ?? ''
    return hasBreak(text.slice(space!.start, space!.end)) && rest !== '' && (endsInLineComment || rest.startsWith('/'))
  }
}

function isComma({ kind }: GapToken): boolean {
  return kind === 'comma'
}

function isBlank(text: string, gap: readonly GapToken[]): boolean {
  return gap.every(({ start, end }) => /^[\s,]*$/.test(text.slice(start, end)))
}

function cut(from: number, to: number): Edit {
  return { offset: from, length: to - from, content: '' }
}
