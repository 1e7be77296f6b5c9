import type { Address } from '../../protocol/index.ts'
import type { AppendOutcome, Draft, History, Ledger, Target } from './ledger.ts'
import type { BringOutcome, BroughtItem, CopyProgress, Imports, LedgerCopy } from './upkeep.ts'

type Answered = Omit<Ledger & History & Imports, 'epoch' | 'onAppend' | 'append' | 'bring' | 'close'>

/** Of a new message, only what its draft does not say: bodies cross to the worker once, and not back. */
export interface Stored {
  readonly kind: 'stored'
  readonly seq: number
  readonly to: Address
  readonly expiresAt: number
  readonly target: Target
}

export type StoredOutcome = Stored | Exclude<AppendOutcome, { kind: 'stored' }>
export type BroughtOutcome = Stored | Exclude<BringOutcome, { kind: 'stored' }>

/** The port's operations as the storage carries them out: at once, one after the other. */
export type Operations = {
  readonly [K in keyof Answered]: (...argument: Parameters<Answered[K]>) => Awaited<ReturnType<Answered[K]>>
} & { readonly append: (draft: Draft) => StoredOutcome; readonly bring: (item: BroughtItem) => BroughtOutcome }

export type OperationName = keyof Operations

/** Whether an operation may change anything. A batch without such a one makes no commit. */
export const writes = {
  append: true,
  accepted: false,
  unread: false,
  countUnread: false,
  head: false,
  find: false,
  settle: true,
  receipts: false,
  claim: true,
  rename: true,
  release: true,
  agent: false,
  agents: false,
  countAgents: false,
  recentNames: false,
  configure: true,
  seen: true,
  join: true,
  leave: true,
  topics: false,
  openSession: true,
  session: false,
  extendSession: true,
  closeSession: true,
  addBlob: true,
  blob: false,
  dropOrphanBlobs: true,
  hasBlob: false,
  expire: true,
  troubles: false,
  told: true,
  purge: true,
  history: false,
  vitals: false,
  bring: true,
  brought: false,
} as const satisfies Record<OperationName, boolean>

/** These answer with a page of rows, bodies among them. */
export const answersPage: ReadonlySet<OperationName> = new Set(['unread', 'history', 'receipts', 'agents', 'troubles'])

/** One operation on its way to the storage. No operation takes more than one argument. */
export interface Request {
  readonly name: OperationName
  readonly argument: unknown
}

/** `unavailable`: the storage refused, nothing was changed. `failed`: a fault of ours, this operation was undone. */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'unavailable' | 'failed'; readonly message: string }

/** Carries out batches, one after the other. Two exist: on the calling thread, and in a worker. */
export interface Engine {
  readonly epoch: string
  /**
   * One reply for each request, in their order, after what they wrote is durable [D-1]. Rejects with
   * `LedgerError('broken')` when nobody can say any more what happened.
   */
  run(batch: readonly Request[]): Promise<readonly Reply[]>
  /** As `Backups` says; batches are carried out meanwhile. */
  copyTo(file: string, onProgress: (progress: CopyProgress) => void): Promise<LedgerCopy>
  close(): Promise<void>
}

/** Where the ledger reports what its callers cannot see. A pino logger is one. */
export interface LedgerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
