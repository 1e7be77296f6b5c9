import { expect, test } from 'vitest'
import { cpuSecondsIn, memoryIn, usageOf } from './process.ts'

test('CPU time is that of user and system, whatever the program is called', () => {
  const stat = '42 (a) b (c) S 1 42 42 0 -1 4194560 900 7 0 0 250 150 9 9 20 0 11 0 12345 1000000 2000 0 0'
  expect(cpuSecondsIn(stat)).toBe(4)
})

test('memory is read in bytes', () => {
  expect(memoryIn('Name:\tnode\nVmHWM:\t   2048 kB\nVmRSS:\t    1024 kB\n')).toEqual({
    peakBytes: 2 * 2 ** 20,
    residentBytes: 2 ** 20,
  })
})

test('this process has used time and memory', () => {
  const { cpuSeconds, peakBytes, residentBytes } = usageOf(process.pid)
  expect(cpuSeconds).toBeGreaterThan(0)
  expect(residentBytes).toBeGreaterThan(2 ** 20)
  expect(peakBytes).toBeGreaterThanOrEqual(residentBytes)
})
