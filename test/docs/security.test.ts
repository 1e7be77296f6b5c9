import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from './markdown.ts'

const page = readFileSync(join(root, 'SECURITY.md'), 'utf8')

/** The rows of the tables below a heading, cell by cell. */
function rowsBelow(heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  return section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

const rules = rowsBelow('Rules')
const items = rowsBelow("OWASP's WebSocket security cheat sheet")
const filesIn = (cell = ''): string[] => [...cell.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file)

describe('SECURITY.md', () => {
  test('has a row for each rule, in order, and the items of OWASP', () => {
    expect(rules.map(([rule]) => rule)).toEqual(Array.from({ length: 9 }, (_, index) => `[S-${index + 1}]`))
    expect(items.length).toBeGreaterThan(15)
  })

  test.each(rules)('%s: each test that is named is there and cites the rule', (rule = '', _what, tests) => {
    const files = filesIn(tests)
    expect(files).not.toEqual([])
    for (const file of files) {
      const source = readFileSync(join(root, file), 'utf8')
      expect([file, source.includes(rule)]).toEqual([file, true])
    }
  })

  test.each(items)('%s: each test that is named is there', (_item, what, tests) => {
    expect(what).not.toBe('')
    const files = filesIn(tests)
    expect(files).not.toEqual([])
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })
})
