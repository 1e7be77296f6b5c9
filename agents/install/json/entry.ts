import { isDeepStrictEqual } from 'node:util'
import { isOwnServer } from '../own.ts'
import type { Part, Path } from '../part.ts'
import { foreignEntry, lineAt } from '../problem.ts'
import { jsonPart, valueAt, type JsonText } from './json-part.ts'
import { nodeAt, type Dialect } from './syntax.ts'

/** The members of an entry that are kept current; the rest of it belongs to whoever adds to it. */
const kept = ['type', 'command', 'args']

/** The shim's registration: an object under a name, in an object of servers. */
export function serverEntry(dialect: Dialect, path: Path, entry: Readonly<Record<string, unknown>>): Part {
  return jsonPart(dialect, {
    additions(document) {
      const present = valueAt(document, path)
      if (present === undefined) return [{ kind: 'set', path, value: entry }]
      if (!isOwnServer(present)) throw foreignEntry(path.join('.'), lineOf(document, path))
      return kept
        .filter((key) => key in entry && !isDeepStrictEqual(present[key], entry[key]))
        .map((key) => ({ kind: 'set', path: [...path, key], value: entry[key] }))
    },
    cuts: (document) => (isOwnServer(valueAt(document, path)) ? [{ kind: 'remove', path }] : []),
  })
}

function lineOf({ text, root }: JsonText, path: Path): number {
  return lineAt(text, nodeAt(text, root, path)?.offset ?? 0)
}
