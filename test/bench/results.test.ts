import { expect, test } from 'vitest'
import { Results } from './results.ts'

const results = new Results([
  { contender: 'hub', samples: [{ rate: 80, p50: 5, sync: 2 }, { rate: 30, p50: 7, sync: 2 }, undefined] },
  {
    contender: 'relay',
    samples: [
      { rate: 100, p50: 3 },
      { rate: 60, p50: 3 },
      { rate: 1, p50: 1 },
    ],
  },
  { contender: 'broken', samples: [undefined, undefined, undefined] },
])

test('ratios compare what ran in the same round, and are summarized afterwards', () => {
  expect(results.ratio('rate', 'hub', 'relay')).toBe((0.8 + 0.5) / 2)
  expect(results.ratio('rate', 'hub', 'broken')).toBeUndefined()
  expect(results.ratio('rate', 'hub', 'nobody')).toBeUndefined()
})

test('a failed run leaves the summary to the others', () => {
  expect(results.summary('hub', 'rate')).toEqual({ median: 55, least: 30, most: 80, count: 2 })
  expect(results.summary('broken', 'rate')).toBeUndefined()
})

test('figures of several contenders are put together round by round', () => {
  const value = results.paired(['hub', 'relay'], (hub, relay) => (hub['p50']! - relay['p50']!) / hub['sync']!)
  expect(value).toBe((1 + 2) / 2)
  expect(results.paired(['hub', 'broken'], () => 1)).toBeUndefined()
})
