import { expect, test } from 'vitest'
import { within } from '../../../agents/opencode/patience.ts'

test('work that hangs is told that nobody waits any more', async () => {
  let told: AbortSignal | undefined
  await within(10, (signal) => {
    told = signal
    return new Promise(() => undefined)
  })
  expect(told?.aborted).toBe(true)
})

test('work that fails is forgotten', async () => {
  await expect(within(1_000, () => Promise.reject(new Error('no shim')))).resolves.toBeUndefined()
})

test('time in which somebody else holds the process does not count', async () => {
  let told: boolean | undefined
  await within(50, async (signal) => {
    const until = performance.now() + 100
    while (performance.now() < until) continue
    await new Promise(setImmediate)
    told = signal.aborted
  })
  expect(told).toBe(false)
})
