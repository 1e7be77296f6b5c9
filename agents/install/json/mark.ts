import { isDeepStrictEqual } from 'node:util'
import type { Part } from '../part.ts'
import { lineAt, TextProblem } from '../problem.ts'
import { applyChange } from './change.ts'
import { jsonPart, readJson, valueAt } from './json-part.ts'
import { nodeAt, type Dialect } from './syntax.ts'

/** A member that a document must have beside some lists, such as its version: it goes when nothing is in them any more. */
export function markPart(dialect: Dialect, name: string, value: number, lists: string): Part {
  const part = jsonPart(dialect, {
    additions(document) {
      const present = valueAt(document, [name])
      if (present === undefined) return [{ kind: 'set', path: [name], value }]
      if (present === value) return []
      const line = lineAt(document.text, nodeAt(document.text, document.root, [name])?.offset ?? 0)
      throw new TextProblem(
        `"${name}" is ${JSON.stringify(present)}, and only ${value} is known here`,
        line,
        'Install a newer Bellhop, or write the hooks into that file by hand.',
      )
    },
    cuts: () => [],
  })
  return {
    ...part,
    made: (text) => (part.add(text) === text ? [] : [[name]]),
    cut(text, made) {
      if (!made.some((path) => isDeepStrictEqual(path, [name]))) return text
      const document = readJson(text, dialect)
      const held = Object.values(valueAt(document, [lists]) ?? {})
      const isNeeded = held.some((list) => !Array.isArray(list) || list.length > 0)
      const isThere = valueAt(document, [name]) !== undefined
      return isThere && !isNeeded ? applyChange(text, { kind: 'remove', path: [name] }, dialect) : text
    },
  }
}
