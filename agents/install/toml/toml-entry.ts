import { isDeepStrictEqual } from 'node:util'
import { isOwnServer } from '../own.ts'
import type { Part } from '../part.ts'
import { foreignEntry, lineAt, TextProblem } from '../problem.ts'
import { appendTable, insertMember, splice, tomlValue, withoutPiece } from './edit.ts'
import { isTable, parseToml, piecesAt, tableOf, type Table } from './syntax.ts'

/** `extra` is written with a new entry, and belongs to whoever changes it afterwards. */
interface TomlEntry {
  readonly command: string
  readonly args: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/** The shim's registration as a table in a table of servers. */
export function tomlEntry(servers: string, name: string, { command, args, extra }: TomlEntry): Part {
  const path = [servers, name]
  return {
    add(text) {
      const value = tableOf(parseToml(text))
      const entry = entryIn(text, value)
      const wanted = entry === undefined ? { command, args, ...extra } : { ...entry, command, args }
      const result = entry === undefined ? inserted(text) : updated(text, entry)
      return checked(result, { ...value, [servers]: { ...(value[servers] as Table), [name]: wanted } })
    },
    made: () => [],
    cut(text) {
      const value = tableOf(parseToml(text))
      if (!isTable(value[servers]) || !isOwnServer(value[servers][name])) return text
      const { [name]: _own, ...others } = value[servers]
      return checked(withoutAll(text), { ...value, [servers]: others })
    },
    isBare: (text) => text.trim() === '',
  }

  function entryIn(text: string, value: Table): Table | undefined {
    if (value[servers] === undefined) return undefined
    if (!isTable(value[servers])) throw new TextProblem(`"${servers}" has to be a table`, lineOf(text, [servers]))
    const entry = value[servers][name]
    if (entry === undefined || isOwnServer(entry)) return entry
    throw foreignEntry(path.join('.'), lineOf(text, path))
  }

  function inserted(text: string): string {
    const [holder] = piecesAt(parseToml(text), [servers])
    const isInline = holder && holder.kind !== 'table' && holder.node.value.type === 'TOMLInlineTable'
    // Only a key that is the whole table of servers closes it to headers further down.
    if (isInline && holder.node.key.keys.length === 1 && holder.node.value.type === 'TOMLInlineTable') {
      return insertMember(text, holder.node.value, name, { command, args, ...extra })
    }
    return appendTable(text, path.join('.'), { command, args, ...extra })
  }

  function updated(text: string, entry: Table): string {
    return Object.entries({ command, args }).reduce((result, [key, value]) => {
      if (isDeepStrictEqual(entry[key], value)) return result
      const [piece] = piecesAt(parseToml(result), [...path, key])
      if (!piece || piece.kind === 'table') {
        throw new TextProblem(`${path.join('.')} has no "${key}"`, lineOf(result, path))
      }
      const [from, to] = piece.node.value.range
      return splice(result, from, to, tomlValue(value))
    }, text)
  }

  function withoutAll(text: string): string {
    const program = parseToml(text)
    const last = piecesAt(program, path).at(-1)
    return last ? withoutAll(withoutPiece(text, program, last)) : text
  }

  /** What does not come out as expected is never written. */
  function checked(text: string, expected: Table): string {
    if (!isDeepStrictEqual(comparable(tableOf(parseToml(text))), comparable(expected))) {
      throw new Error(`The change of ${path.join('.')} would not come out as it should; nothing was written.`)
    }
    return text
  }

  /** A table that was only there by its members' headers is gone with the last of them. */
  function comparable(value: Table): unknown {
    const { [servers]: held, ...others } = structuredClone(value)
    return isTable(held) && Object.keys(held).length > 0 ? { ...others, [servers]: held } : others
  }
}

function lineOf(text: string, path: readonly string[]): number {
  return lineAt(text, piecesAt(parseToml(text), path)[0]?.node.range[0] ?? 0)
}
