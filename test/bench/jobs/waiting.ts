import { setTimeout as delay } from 'node:timers/promises'

export { delay }

/** Milliseconds between two looks: far below anything that is timed with it. */
const lookEveryMs = 5

/** Resolves when the condition holds; rejects with what `problem` says where it does not in time. */
export async function until(condition: () => boolean, withinMs: number, problem: () => string): Promise<void> {
  const end = performance.now() + withinMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(problem())
    await delay(lookEveryMs)
  }
}
