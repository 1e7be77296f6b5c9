export {
  hubAgent,
  LedgerError,
  type AgentId,
  type AgentRecord,
  type Appended,
  type AppendOutcome,
  type ClaimOutcome,
  type Draft,
  type History,
  type JoinOutcome,
  type Ledger,
  type Recipient,
  type RenameOutcome,
  type Settled,
  type Settlement,
  type Target,
  type Trouble,
} from './ledger.ts'
export { openLedger, openMemoryLedger } from './open.ts'
export type { Backups, BroughtItem, CopyProgress, Imports, LedgerCopy, Queue } from './upkeep.ts'
export type { Vitals } from './vitals.ts'
export type { LedgerLog } from './operations.ts'
export { LedgerRefusal, type RefusalKind } from './refusal.ts'
