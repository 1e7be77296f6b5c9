import { expect, test, vi } from 'vitest'
import { chooseSeed, inLength, report } from '../fuzz/length.ts'
import { long } from '../setting.ts'
import { runModel } from './run.ts'

// A hub for each run: with the ledger in a thread of its own, starting one takes longer than the run.
vi.mock('../../../hub/ledger/index.ts', async (original) => {
  const { openInlineLedger } = await import('./inline-ledger.ts')
  return { ...(await original<object>()), openLedger: openInlineLedger }
})

const length = { rounds: inLength(1, 20), runs: inLength(30, 150), steps: inLength(60, 100) }
const roundMs = inLength(2, 15) * 60_000
const seed = chooseSeed('model')

// In rounds, because what a test has opened is let go of at its end.
test.each(Array.from({ length: length.rounds }, (_, round) => round))(
  'sessions, mailboxes, receipts, renames and topics are what a simple model says (round %i)',
  async (round) => {
    const began = performance.now()
    const plan = { seed: seed + round, runs: length.runs, steps: length.steps, withinMs: roundMs * 0.75 }
    await expect(runModel(plan)).resolves.toBeUndefined()
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    if (long) report(`model: ${length.runs} runs of up to ${length.steps} steps in ${seconds} s, SEED=${seed + round}`)
  },
  roundMs,
)
