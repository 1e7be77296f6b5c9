import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { lineAt, TextProblem } from '../problem.ts'

/** What an assistant's own parser takes beside plain JSON. */
export interface Dialect {
  readonly comments: boolean
  readonly trailingCommas: boolean
}

export const dialects = {
  strict: { comments: false, trailingCommas: false },
  withComments: { comments: true, trailingCommas: false },
  /** Also for assistants whose parser is not known: what it refuses is no business of an installer. */
  relaxed: { comments: true, trailingCommas: true },
} as const satisfies Record<string, Dialect>

/** The root object of a text. Throws `TextProblem` where there is none. */
export function parseRoot(text: string, { comments, trailingCommas }: Dialect): Node {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: !comments, allowTrailingComma: trailingCommas })
  const [first] = errors
  if (first) {
    const what = printParseErrorCode(first.error)
    throw new TextProblem(`this is not valid JSON for its assistant (${what})`, lineAt(text, first.offset))
  }
  if (root?.type !== 'object') throw new TextProblem('an object is needed here', lineAt(text, root?.offset ?? 0))
  return root
}

/** A node's value as plain data, own `__proto__` members included. */
export function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf)
  if (node.type !== 'object') return node.value
  const entries = (node.children ?? []).map((property) => [nameOf(property), valueOf(property.children![1]!)] as const)
  return Object.fromEntries(entries)
}

/** The property of an object. Two of one name are refused: which of them counts is anybody's guess. */
export function propertyOf(text: string, object: Node, name: string): Node | undefined {
  const found = (object.children ?? []).filter((property) => nameOf(property) === name)
  if (found.length > 1) throw new TextProblem(`"${name}" is there twice`, lineAt(text, found[1]!.offset))
  return found[0]
}

/** The node at a path, or undefined. Throws `TextProblem` where something on the way is no container. */
export function nodeAt(text: string, root: Node, path: readonly (string | number)[]): Node | undefined {
  let node: Node | undefined = root
  for (const [depth, step] of path.entries()) {
    const wanted = typeof step === 'number' ? 'array' : 'object'
    if (node.type !== wanted) {
      const where = path.slice(0, depth).join('.')
      throw new TextProblem(`"${where}" has to be an ${wanted}`, lineAt(text, node.offset))
    }
    node = typeof step === 'number' ? node.children?.[step] : propertyOf(text, node, step)?.children?.[1]
    if (!node) return undefined
  }
  return node
}

export function endOf(node: Node): number {
  return node.offset + node.length
}

function nameOf(property: Node): string {
  return String(property.children?.[0]?.value)
}
