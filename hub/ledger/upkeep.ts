import type { Appended, Draft } from './ledger.ts'

/** How busy it is. Apart from the ledger, because nothing of it is stored. */
export interface Queue {
  /** Operations that wait for their batch. */
  queued(): number
}

/** Copying the whole ledger while it is in use. Apart from the ledger, because an engine may lack it. */
export interface Backups {
  /**
   * Writes a copy into `file`, which must not be there yet, and leaves it durable. Everything that was
   * answered before the call is in it; operations go on meanwhile. One at a time. Rejects with what the disk
   * said; the file is then worth nothing.
   */
  copyTo(file: string, onProgress: (progress: CopyProgress) => void): Promise<LedgerCopy>
}

/** In bytes. */
export interface CopyProgress {
  readonly done: number
  readonly total: number
}

export interface LedgerCopy {
  /** The number of the last migration that it went through. */
  readonly form: number
  readonly messages: number
  readonly agents: number
  /** Every blob that a message in the copy names. */
  readonly blobs: readonly { readonly handle: string; readonly size: number }[]
}

/** Taking over the mail of another system. Apart from the ledger, because an engine may lack it. */
export interface Imports {
  /** Appends once for ever for each `origin`, whatever became of the message since. */
  bring(item: BroughtItem): Promise<BringOutcome>
  /** Which of these were brought before. */
  brought(origins: readonly string[]): Promise<string[]>
}

export interface BroughtItem {
  readonly origin: string
  readonly draft: Draft
  /** What names stand for is asked as of now, however old the message is. */
  readonly now: number
  /** It was read there: here it is history at once, and nobody is pushed it. */
  readonly read: boolean
}

export type BringOutcome =
  | ({ readonly kind: 'stored' } & Appended)
  /** Stored, as read. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'known' }
