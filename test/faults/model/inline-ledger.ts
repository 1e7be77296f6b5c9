import { collectOperations } from '../../../hub/ledger/collect.ts'
import { inlineEngine } from '../../../hub/ledger/inline-engine.ts'
import { openDatabase } from '../../../hub/ledger/sqlite/open-database.ts'
import type { openLedger } from '../../../hub/ledger/open.ts'
import type { LedgerLog } from '../../../hub/ledger/operations.ts'

const silent: LedgerLog = { info: () => {}, warn: () => {}, error: () => {} }

/** The ledger of a file as the hub opens it, on this thread: a hub starts in milliseconds with it. */
export const openInlineLedger: typeof openLedger = ({ file, log = silent }) =>
  Promise.resolve(collectOperations(inlineEngine(openDatabase(file, log), file, log), log))
