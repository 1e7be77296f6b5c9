import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonHooks } from '../../../agents/install/json/hooks.ts'
import { serverEntry } from '../../../agents/install/json/entry.ts'
import { dialects, parseRoot, valueOf } from '../../../agents/install/json/syntax.ts'
import { combine, type Part } from '../../../agents/install/part.ts'
import { Rig } from './rig.ts'

/** Between the tokens of a document; what ends a comment is part of it. */
const blanks = ['', '', ' ', '  ', '\t', '\n', '\n  ', '\n\n', '\r\n', '\r\n\t']
const comments = ['// c\n', ' // "x": {\n  ', '/* c */', '\n/* , } */\n']

/** Writes a value with what the stream gives between its tokens. */
function write(value: unknown, between: () => string, trailing: () => boolean): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const items = Array.isArray(value)
    ? value.map((item) => write(item, between, trailing))
    : Object.entries(value).map(
        ([key, item]) => `${JSON.stringify(key)}${between()}:${between()}${write(item, between, trailing)}`,
      )
  const list = items.map((item) => `${between()}${item}${between()}`).join(',')
  return `${open}${list}${items.length > 0 && trailing() ? ',' : ''}${between()}${close}`
}

const anyObject = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
const anyHooks = fc.dictionary(
  fc.constantFrom('Stop', 'SessionStart', 'PreToolUse'),
  fc.array(anyObject, { maxLength: 3 }),
)
const anyDocument = fc
  .tuple(anyObject, fc.option(anyObject, { nil: undefined }), fc.option(anyHooks, { nil: undefined }), fc.nat())
  .map(([rest, mcpServers, hooks, at]) => {
    const own = [['mcpServers', mcpServers] as const, ['hooks', hooks] as const].filter(([, value]) => value)
    const entries = Object.entries(rest).filter(([key]) => key !== 'mcpServers' && key !== 'hooks')
    const index = at % (entries.length + 1)
    return Object.fromEntries<unknown>([...entries.slice(0, index), ...own, ...entries.slice(index)])
  })

function anyText(kinds: readonly string[], withTrailing: boolean): fc.Arbitrary<string> {
  const blank = fc.constantFrom(...kinds)
  const choices = fc.record({
    document: anyDocument,
    between: fc.array(blank, { minLength: 1, maxLength: 12 }),
    commas: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  })
  return choices.map(({ document, between, commas }) => {
    let [gap, comma] = [0, 0]
    return write(
      document,
      () => between[gap++ % between.length]!,
      () => withTrailing && commas[comma++ % commas.length]!,
    )
  })
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

function value(text: string): unknown {
  return valueOf(parseRoot(text, dialects.relaxed))
}

function partFor(dialect: (typeof dialects)[keyof typeof dialects]): Part {
  const { machine } = new Rig()
  const entry = { command: machine.programs.node, args: [machine.programs.shim] }
  return combine([serverEntry(dialect, ['mcpServers', 'bellhop'], entry), jsonHooks('claude-code', dialect, machine)])
}

/** Whether all of a text comes, in its order, in another one. */
function isWithin(text: string, longer: string): boolean {
  let at = 0
  for (let index = 0; index < longer.length; index += 1) if (longer[index] === text[at]) at += 1
  return at === text.length
}

describe.each([
  ['strict', dialects.strict, anyText(blanks, false)],
  ['with comments', dialects.withComments, anyText([...blanks, ...comments], false)],
  ['relaxed', dialects.relaxed, anyText([...blanks, ...comments], true)],
] as const)('random JSON, %s', (_, dialect, texts) => {
  test('an addition only inserts, is made once, and its cut gives back everything but blanks', () => {
    const part = partFor(dialect)
    fc.assert(
      fc.property(texts, (text) => {
        const added = part.add(text)
        expect(isWithin(withoutBlanks(text), withoutBlanks(added))).toBe(true)
        expect(added).toContain('bellhop')
        expect(part.add(added)).toBe(added)
        const cut = part.cut(added, part.made(text))
        expect(withoutBlanks(cut)).toBe(withoutBlanks(text))
        expect(value(cut)).toEqual(value(text))
      }),
      { numRuns: 300 },
    )
  })
})
