import type { RefusalKind } from './refusal.ts'
import type { LedgerLog, Reply, Request } from './operations.ts'
import type { StagedRestore } from './put-in-place.ts'
import type { CopyProgress, LedgerCopy } from './upkeep.ts'

/** From the hub's thread to the worker. */
export type ToWorker =
  | { readonly kind: 'batch'; readonly batch: readonly Request[] }
  | { readonly kind: 'copy'; readonly file: string }
  | { readonly kind: 'close' }

/** From the worker to the hub's thread. `replies` answers the oldest batch under way, `copied` and `uncopied` the one copy. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly epoch: string }
  | { readonly kind: 'refused'; readonly refusal: RefusalKind; readonly message: string }
  | { readonly kind: 'replies'; readonly replies: readonly Reply[] }
  | { readonly kind: 'copying'; readonly progress: CopyProgress }
  | { readonly kind: 'copied'; readonly copy: LedgerCopy }
  | { readonly kind: 'uncopied'; readonly message: string }
  | { readonly kind: 'log'; readonly level: keyof LedgerLog; readonly fields: object; readonly message: string }

export interface WorkerData {
  readonly file: string
  readonly restore: StagedRestore | undefined
}

/**
 * Messages between the threads are JSON: a string is copied, where a batch of small objects would be cloned
 * one property at a time, at several times the cost. What is undefined is left out, and numbers must be finite.
 */
export function encode(message: ToWorker | FromWorker): string {
  return JSON.stringify(message)
}
