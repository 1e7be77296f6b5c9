import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { median, percentile, ratios, summarize } from './statistics.ts'

const figures = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 })

describe('median', () => {
  test('is the one in the middle, whatever the order', () => expect(median([30, 10, 20])).toBe(20))
  test('is the mean of two in the middle', () => expect(median([4, 1, 2, 100])).toBe(3))
  test('of nothing is an error, not a number', () => expect(() => median([])).toThrow('nothing'))
  test('sorts by size and not by spelling', () => expect(median([9, 10, 100])).toBe(10))
})

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  test('is the nearest rank of a hundred', () => {
    expect([0, 0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 50, 99, 100])
  })
  test('of few values is the largest when it must be', () => expect(percentile([1, 2, 3], 0.99)).toBe(3))
  test('of nothing is an error', () => expect(() => percentile([], 0.5)).toThrow('nothing'))

  test('is always one of the values, and no fewer than its share are at most that', () => {
    fc.assert(
      fc.property(figures, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = percentile(values, share)
        expect(values).toContain(found)
        expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * values.length)
      }),
    )
  })
})

test('a summary holds the middle and both ends', () => {
  expect(summarize([5, 1, 9])).toEqual({ median: 5, least: 1, most: 9, count: 3 })
})

describe('ratios', () => {
  test('are taken round by round', () => expect(ratios([10, 40], [5, 10])).toEqual([2, 4]))
  test('leave out rounds in which one of both is missing', () => {
    expect(ratios([10, undefined, 30], [undefined, 10, 10])).toEqual([3])
  })
  test('leave out what would be divided by nothing', () => expect(ratios([1, 2], [0, 1])).toEqual([2]))
})
