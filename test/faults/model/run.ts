import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, asyncProperty } from 'fast-check'
import { Player } from './player.ts'
import { anyStep, opening } from './steps.ts'

/** Runs of the property. Rejects with the shortest sequence of steps that shows a difference, and with its seed and path. */
export async function runModel({
  seed,
  runs,
  steps,
  shrink = true,
  withinMs,
}: {
  seed: number
  runs: number
  steps: number
  /** Whether to look for a shorter sequence. */
  shrink?: boolean
  /** When to stop shrinking, and tell what was found so far. */
  withinMs: number
}): Promise<void> {
  const sequence = array(anyStep, { minLength: Math.floor(steps / 2), maxLength: steps, size: 'max' })
  await assert(
    asyncProperty(sequence, async (chosen) => {
      const home = mkdtempSync(join(tmpdir(), 'bellhop-model-'))
      const player = new Player(home)
      try {
        await player.start()
        for (const step of [...opening, ...chosen]) await player.play(step)
        await player.audit()
      } finally {
        await player.stop()
        rmSync(home, { recursive: true, force: true })
      }
    }),
    { seed, numRuns: runs, endOnFailure: !shrink, interruptAfterTimeLimit: withinMs },
  )
}
