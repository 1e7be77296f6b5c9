import { describe } from 'vitest'
import type { OpenLedger } from './ledger/fixture.ts'
import { blobRules } from './ledger/blobs.ts'
import { endRules } from './ledger/ends.ts'
import { historyRules } from './ledger/history.ts'
import { mailboxRules } from './ledger/mailboxes.ts'
import { modelRules } from './ledger/model.ts'
import { nameRules } from './ledger/names.ts'
import { purgeRules } from './ledger/purge.ts'
import { receiptRules } from './ledger/receipts.ts'
import { renameRules } from './ledger/renames.ts'
import { sessionRules } from './ledger/sessions.ts'
import { topicRules } from './ledger/topics.ts'
import { vitalsRules } from './ledger/vitals.ts'

/** What every ledger must do, whatever it stores in. `open` gives a fresh one and closes it after the test. */
export function ledgerSuite(name: string, open: OpenLedger): void {
  describe(`${name}: what every ledger does`, () => {
    mailboxRules(open)
    nameRules(open)
    renameRules(open)
    topicRules(open)
    receiptRules(open)
    endRules(open)
    purgeRules(open)
    historyRules(open)
    sessionRules(open)
    blobRules(open)
    vitalsRules(open)
    modelRules(open)
  })
}
