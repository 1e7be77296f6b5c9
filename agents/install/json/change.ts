import { applyEdits, type Edit, type Node } from 'jsonc-parser'
import { hasBreak } from './gap.ts'
import { insertion } from './insertion.ts'
import { layoutOf, lineIndentAt, writeInline, writeLines } from './layout.ts'
import { removal } from './removal.ts'
import { nodeAt, parseRoot, valueOf, type Dialect } from './syntax.ts'

export type Step = string | number

/** One change of a document. What is missing on the way to a path is made. */
export type Change =
  | { readonly kind: 'set'; readonly path: readonly Step[]; readonly value: unknown }
  | { readonly kind: 'append'; readonly path: readonly Step[]; readonly value: unknown }
  | { readonly kind: 'remove'; readonly path: readonly Step[] }

/**
 * Carries out a change in the text alone, and reads the result again: what does not come out as
 * expected is never written.
 */
export function applyChange(text: string, change: Change, dialect: Dialect): string {
  const root = parseRoot(text, dialect)
  const result = applyEdits(text, editsOf(text, root, change))
  const expected = JSON.stringify(changed(valueOf(root), change.path, change))
  if (JSON.stringify(valueOf(parseRoot(result, dialect))) !== expected) {
    throw new Error(`The change of ${change.path.join('.')} would not come out as it should; nothing was written.`)
  }
  return result
}

function editsOf(text: string, root: Node, change: Change): Edit[] {
  const { path } = change
  const node = nodeAt(text, root, path)
  const parent = path.slice(0, -1)
  switch (change.kind) {
    case 'remove': {
      const child = node?.parent?.type === 'property' ? node.parent : node
      return child?.parent ? removal(text, child.parent, child) : []
    }
    case 'append': {
      const target = node && arrayAt(text, root, path)
      if (target) return insertion(text, root, target, change.value)
      return editsOf(text, root, { kind: 'set', path, value: [change.value] })
    }
    case 'set': {
      if (node) return [replacement(text, root, node, change.value)]
      const container = nodeAt(text, root, parent)
      const name = String(path.at(-1))
      // Looked at as an object, so that anything else is refused in words.
      if (container) return insertion(text, root, objectAt(text, root, parent, name), change.value, name)
      return editsOf(text, root, { kind: 'set', path: parent, value: { [name]: change.value } })
    }
  }
}

function arrayAt(text: string, root: Node, path: readonly Step[]): Node | undefined {
  nodeAt(text, root, [...path, 0])
  return nodeAt(text, root, path)
}

function objectAt(text: string, root: Node, path: readonly Step[], name: string): Node {
  nodeAt(text, root, [...path, name])
  return nodeAt(text, root, path)!
}

function replacement(text: string, root: Node, { offset, length }: Node, value: unknown): Edit {
  const layout = layoutOf(text, root)
  const content = hasBreak(text.slice(offset, offset + length))
    ? writeLines(value, lineIndentAt(text, offset), layout)
    : writeInline(value, layout)
  return { offset, length, content }
}

/** What the value should be afterwards: worked out apart from the text. */
function changed(value: unknown, [step, ...rest]: readonly Step[], change: Change): unknown {
  if (step === undefined) {
    if (change.kind === 'append') return [...((value as unknown[] | undefined) ?? []), change.value]
    return change.kind === 'set' ? change.value : undefined
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) => (index === step ? changed(item, rest, change) : item))
    return items.filter((item) => item !== undefined)
  }
  const object = (value ?? {}) as Record<string, unknown>
  const child = changed(object[step], rest, change)
  const entries = Object.entries(object).map(([key, old]) => [key, key === step ? child : old] as const)
  const all = step in object ? entries : [...entries, [step, child] as const]
  return Object.fromEntries(all.filter(([, item]) => item !== undefined))
}
