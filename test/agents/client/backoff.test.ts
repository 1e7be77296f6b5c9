import { assert, double, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { backoff, longestWaitMs, quickRetryMs, shortestWaitMs } from '../../../agents/client/backoff.ts'

const fraction = double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('the first retry is quick', () => {
  assert(
    property(fraction, (random) => {
      expect(backoff(1, () => random)).toBeLessThanOrEqual(quickRetryMs)
    }),
  )
})

test('every later wait lies between the shortest and the longest', () => {
  assert(
    property(integer({ min: 2, max: 1_000_000 }), fraction, (losses, random) => {
      const wait = backoff(losses, () => random)
      expect(wait).toBeGreaterThanOrEqual(shortestWaitMs)
      expect(wait).toBeLessThanOrEqual(longestWaitMs)
    }),
  )
})

test('waits grow with the losses', () => {
  assert(
    property(integer({ min: 1, max: 10_000 }), fraction, (losses, random) => {
      expect(backoff(losses + 1, () => random)).toBeGreaterThanOrEqual(backoff(losses, () => random))
    }),
  )
})

test('the jitter is full: its spread doubles until it spans everything', () => {
  expect(Math.round(spread(3) / spread(2))).toBe(2)
  expect(Math.round(spread(20))).toBe(longestWaitMs - shortestWaitMs)
})

function spread(losses: number): number {
  return backoff(losses, () => 0.999_999) - backoff(losses, () => 0)
}
