import { describe, expect, test, vi } from 'vitest'
import { ledgerFaults, plantInLedger } from './planted-ledger.ts'
import { runModel } from './run.ts'

vi.mock('../../../hub/ledger/index.ts', async (original) => {
  const { openPlantedLedger } = await import('./planted-ledger.ts')
  return { ...(await original<object>()), openLedger: openPlantedLedger }
})

const plan = { seed: 20_261_122, runs: 30, steps: 60, shrink: false, withinMs: 25_000 }

describe('the model names a ledger that', () => {
  test.each(ledgerFaults)('%s', async (fault) => {
    plantInLedger(fault)
    await expect(runModel(plan)).rejects.toThrow(/Property failed after \d+ tests[^]*seed: 20261122/)
  })
})

test('a ledger that does nothing wrong passes the same runs', async () => {
  plantInLedger(undefined)
  await expect(runModel(plan)).resolves.toBeUndefined()
})
