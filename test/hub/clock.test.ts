import { expect, test } from 'vitest'
import { SteadyClock } from '../../hub/clock.ts'

const minute = 60_000
const day = 24 * 60 * minute

function clockUnderTest() {
  let wall = 1_000_000
  let monotonic = 5_000
  const clock = new SteadyClock(
    () => wall,
    () => monotonic,
  )
  return {
    clock,
    pass(ms: number) {
      wall += ms
      monotonic += ms
      return clock.now()
    },
    set(ms: number) {
      wall += ms
      return clock.now()
    },
  }
}

test('it runs with the wall clock, and follows small corrections', () => {
  const { clock, pass, set } = clockUnderTest()
  expect(clock.now()).toBe(1_000_000)
  expect(pass(minute)).toBe(1_060_000)
  expect(set(500)).toBe(1_060_500)
  expect(set(-500)).toBe(1_060_500)
})

test('a jump of a day and back is not believed', () => {
  const { pass, set } = clockUnderTest()
  expect(set(day)).toBe(1_000_000)
  expect(pass(5 * minute)).toBe(1_000_000 + 5 * minute)
  expect(set(-day)).toBe(1_000_000 + 5 * minute)
  expect(pass(20 * minute)).toBe(1_000_000 + 25 * minute)
})

test('a jump that stands for ten minutes is believed', () => {
  const { pass, set } = clockUnderTest()
  set(day)
  pass(9 * minute)
  expect(pass(2 * minute)).toBe(1_000_000 + day + 11 * minute)
})
