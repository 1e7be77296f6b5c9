import fc from 'fast-check'
import { expect, test } from 'vitest'
import { summarize } from '../../../hub/rules/summary.ts'
import { limits } from '../../../protocol/index.ts'

test('two sentences, and a mark that there is more', () => {
  expect(summarize('The build broke.  It was\nthe cache. Here is the log: …')).toBe(
    'The build broke. It was the cache. …',
  )
  expect(summarize('All of it.')).toBe('All of it.')
})

test('a text without sentences is cut, between characters', () => {
  const summary = summarize('🛎'.repeat(5_000))
  expect(Array.from(summary)).toHaveLength(limits.summaryLength)
  expect(summary).not.toContain('\ud83d '.trim() + ' ')
  expect(summary.isWellFormed()).toBe(true)
})

test('no text makes it long or throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      expect(Array.from(summarize(text)).length).toBeLessThanOrEqual(limits.summaryLength + 2)
    }),
  )
})
