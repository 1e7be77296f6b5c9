import type { LedgerLog } from '../../../hub/ledger/index.ts'

export const silentLog: LedgerLog = { info: () => {}, warn: () => {}, error: () => {} }
