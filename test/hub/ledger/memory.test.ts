import { onTestFinished } from 'vitest'
import { openMemoryLedger } from '../../../hub/ledger/index.ts'
import { ledgerSuite } from '../../suites/ledger.ts'

ledgerSuite('a ledger in memory', async () => {
  const ledger = await openMemoryLedger()
  onTestFinished(() => ledger.close())
  return { ledger }
})
