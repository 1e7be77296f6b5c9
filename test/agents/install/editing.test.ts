import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyChange, type Change } from '../../../agents/install/json/change.ts'
import { dialects } from '../../../agents/install/json/syntax.ts'
import { readSnapshot, writeSnapshot } from '../../../agents/install/snapshot.ts'
import { tomlEntry } from '../../../agents/install/toml/toml-entry.ts'
import { temporaryFolder } from '../../support/teardown.ts'

function edit(text: string, change: Change): string {
  return applyChange(text, change, dialects.relaxed)
}

describe('a member that is added looks like its neighbours', () => {
  const cases: [what: string, text: string, expected: string][] = [
    ['in an empty object', '{}\n', '{\n  "b": {\n    "x": 1\n  }\n}\n'],
    ['after a member with tabs', '{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"b": {\n\t\t"x": 1\n\t}\n}'],
    ['in one line', '{"a":1}', '{"a":1,"b":{"x":1}}'],
    ['in one line with blanks', '{ "a": 1 }', '{ "a": 1, "b": { "x": 1 } }'],
    ['after CRLF', '{\r\n "a": 1\r\n}', '{\r\n "a": 1,\r\n "b": {\r\n  "x": 1\r\n }\r\n}'],
    [
      'before the bracket of the same line',
      '{ "a": 1,\n  "c": 2 }',
      '{ "a": 1,\n  "c": 2,\n  "b": {\n    "x": 1\n  } }',
    ],
    [
      'after a comment, which stays where it is',
      '{\n  "a": 1 // a\n}',
      '{\n  "a": 1, // a\n  "b": {\n    "x": 1\n  }\n}',
    ],
    [
      'after a trailing comma, with one of its own',
      '{\n  "a": 1, // a\n  // end\n}',
      '{\n  "a": 1, // a\n  "b": {\n    "x": 1\n  },\n  // end\n}',
    ],
    ['after a comment alone', '{\n  // none\n}', '{\n  // none\n  "b": {\n    "x": 1\n  }\n}'],
  ]
  test.each(cases)('%s', (_, text, expected) => {
    expect(edit(text, { kind: 'set', path: ['b'], value: { x: 1 } })).toBe(expected)
  })
})

describe('a member that is taken out leaves the comments of others', () => {
  const cases: [text: string, expected: string][] = [
    ['{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 1\n}'],
    ['{\n  "b": 2,\n  "c": 3\n}', '{\n  "c": 3\n}'],
    ['{\n  "b": 2\n}', '{}'],
    ['{"b":2, "c":3}', '{"c":3}'],
    ['{"a":1,"b":2,"c":3}', '{"a":1,"c":3}'],
    ['{\n  "a": 1, // a\n  "b": 2 }', '{\n  "a": 1 // a\n   }'],
    ['{\n  "a": 1, // a\n  "b": 2 // mine\n}', '{\n  "a": 1 // a\n   // mine\n}'],
    ['{\n  "a": 1,\n  // mine\n  "b": 2,\n}', '{\n  "a": 1,\n  // mine\n}'],
    ['{ /* none */ "b": 2 }', '{ /* none */ }'],
  ]
  test.each(cases)('%j', (text, expected) => {
    expect(edit(text, { kind: 'remove', path: ['b'] })).toBe(expected)
  })
})

describe('TOML', () => {
  const part = tomlEntry('mcp_servers', 'bellhop', { command: 'bellhop', args: ['mcp'], extra: { env_vars: ['X'] } })
  const table = '[mcp_servers.bellhop]\ncommand = "bellhop"\nargs = ["mcp"]\nenv_vars = ["X"]\n'

  test.each([
    ['', table],
    ['a = 1\n', `a = 1\n\n${table}`],
    ['a = 1\n\n', `a = 1\n\n${table}`],
    ['a = 1', `a = 1\n\n${table}`],
    ['a = 1\r\n', `a = 1\r\n\r\n${table.replaceAll('\n', '\r\n')}`],
    [
      'mcp_servers = { o = { command = "x" } } # c\n',
      'mcp_servers = { o = { command = "x" }, bellhop = { command = "bellhop", args = ["mcp"], env_vars = ["X"] } } # c\n',
    ],
  ])('%j gets ours', (text, expected) => {
    expect(part.add(text)).toBe(expected)
  })

  test.each([
    [`a = 1\n\n${table}`, 'a = 1\n'],
    [`a = 1\n\n${table}\n[tui]\n`, 'a = 1\n\n[tui]\n'],
    [`${table}# tui\n[tui]\n`, '# tui\n[tui]\n'],
    [`a = 1\n${table}\n[mcp_servers.bellhop.env]\nX = "1"\n[tui]\n`, 'a = 1\n[tui]\n'],
    [
      '[mcp_servers]\nbellhop.command = "bellhop" # c\nbellhop.args = ["mcp"]\no.command = "x"\n',
      '[mcp_servers]\no.command = "x"\n',
    ],
    ['mcp_servers.bellhop = { command = "bellhop", args = ["mcp"] }\na = 1\n', 'a = 1\n'],
    ['mcp_servers = { bellhop = { command = "bellhop", args = ["mcp"] }, o = {} }', 'mcp_servers = { o = {} }'],
    ['mcp_servers = { o = {}, bellhop.command = "bellhop", bellhop.args = ["mcp"] }', 'mcp_servers = { o = {} }'],
  ])('%j loses ours', (text, expected) => {
    expect(part.cut(text, [])).toBe(expected)
  })

  test.each([
    [
      '[mcp_servers.bellhop]\ncommand = "/old/bellhop" # c\nargs = [\n  "mcp", # d\n]\nx = 1\n',
      '[mcp_servers.bellhop]\ncommand = "bellhop" # c\nargs = [\n  "mcp", # d\n]\nx = 1\n',
    ],
    [
      'mcp_servers.bellhop.command = "/old/bellhop"\nmcp_servers.bellhop.args = ["mcp", "--x"]\n',
      'mcp_servers.bellhop.command = "bellhop"\nmcp_servers.bellhop.args = ["mcp"]\n',
    ],
  ])('%j is brought up to date in its place', (text, expected) => {
    expect(part.add(text)).toBe(expected)
  })
})

test('a file that changed after it was read is not written over, nor deleted', () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, 'one')
  const snapshot = readSnapshot(path)
  writeFileSync(path, 'two')
  expect(() => writeSnapshot(snapshot, Buffer.from('three'))).toThrow('changed by another program')
  expect(() => writeSnapshot(snapshot, undefined)).toThrow('changed by another program')
  expect(readSnapshot(path).bytes?.toString()).toBe('two')
})
