import type { Node } from 'jsonc-parser'
import type { Part, Path } from '../part.ts'
import { applyChange, type Change } from './change.ts'
import { nodeAt, parseRoot, valueOf, type Dialect } from './syntax.ts'

/** A document that is asked what has to change in it. */
export interface JsonText {
  readonly text: string
  readonly root: Node
}

/** What Bellhop puts into a JSON document, as changes. Both may throw `TextProblem`. */
export interface JsonRules {
  additions(document: JsonText): readonly Change[]
  cuts(document: JsonText): readonly Change[]
}

/** A file that holds nothing becomes an object, so that there is something to edit. */
const nothing = '{}\n'

export function readJson(given: string, dialect: Dialect): JsonText {
  const text = given.trim() === '' ? nothing : given
  return { text, root: parseRoot(text, dialect) }
}

export function jsonPart(dialect: Dialect, rules: JsonRules): Part {
  const read = (text: string): JsonText => readJson(text, dialect)
  const apply = (given: string, changes: readonly Change[]): string =>
    changes.length === 0
      ? given
      : changes.reduce((text, change) => applyChange(text, change, dialect), read(given).text)

  return {
    add: (text) => apply(text, rules.additions(read(text))),
    made(text) {
      const document = read(text)
      const paths = rules.additions(document).flatMap(containersOf)
      return paths.filter(
        (path, index) => !nodeAt(document.text, document.root, path) && indexOf(paths, path) === index,
      )
    },
    cut(text, made) {
      const changes = rules.cuts(read(text))
      return changes.length === 0 ? text : withoutEmpty(apply(text, changes), made)
    },
    isBare: (text) => /^\s*(?:\{\s*\}\s*)?$/.test(text),
  }

  /** What was made and holds nothing any more goes, the innermost first. */
  function withoutEmpty(text: string, made: readonly Path[]): string {
    const paths = made.toSorted((a, b) => b.length - a.length)
    return paths.reduce((result, path) => {
      const node = nodeAt(result, read(result).root, path)
      const isEmpty = node && (node.type === 'object' || node.type === 'array') && isBlank(result, node)
      return isEmpty ? applyChange(result, { kind: 'remove', path }, dialect) : result
    }, text)
  }
}

/** Empty, and without a comment that somebody wrote in it. */
function isBlank(text: string, { offset, length }: Node): boolean {
  return text.slice(offset + 1, offset + length - 1).trim() === ''
}

/** Every path that a change may have to make on its way. */
function containersOf(change: Change): Path[] {
  if (change.kind === 'remove') return []
  const depth = change.kind === 'append' ? change.path.length : change.path.length - 1
  return Array.from({ length: depth }, (_, index) => change.path.slice(0, index + 1).map(String))
}

function indexOf(paths: readonly Path[], path: Path): number {
  return paths.findIndex((other) => JSON.stringify(other) === JSON.stringify(path))
}

/** The value at a path, or undefined. */
export function valueAt({ text, root }: JsonText, path: Path): unknown {
  const node = nodeAt(text, root, path)
  return node && valueOf(node)
}
