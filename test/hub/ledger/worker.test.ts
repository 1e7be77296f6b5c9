import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openLedger } from '../../../hub/ledger/index.ts'
import { ledgerSuite } from '../../suites/ledger.ts'
import { temporaryFolder } from '../../support/teardown.ts'

ledgerSuite('a ledger in a worker, on a file', async () => {
  const file = join(temporaryFolder(), 'ledger.db')
  let ledger = await openLedger({ file })
  onTestFinished(() => ledger.close())
  return {
    ledger,
    async reopen() {
      await ledger.close()
      ledger = await openLedger({ file })
      return ledger
    },
  }
})
