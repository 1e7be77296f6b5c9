import type { ReceiptState } from '../../../protocol/index.ts'

/** Names one attempt to send: each is made once, by one life of one agent. */
export type Attempt = string

/** What one agent meant to send, said before it was handed to the client. */
export interface Sending {
  readonly kind: 'sending'
  readonly attempt: Attempt
  readonly sender: string
  /** The name or topic that was written. */
  readonly to: string
  /** Whoever has to be shown it. */
  readonly recipients: readonly string[]
  readonly digest: string
  /** The message that this one answers. */
  readonly replyTo?: string
}

/** A message before a reader's eyes, said when the output had been written. */
export interface Shown {
  readonly kind: 'shown'
  readonly agent: string
  readonly id: string
  readonly seq: number
  /** What the message says of itself; absent where it says nothing. */
  readonly attempt?: Attempt
  readonly from: string
  readonly digest: string
}

/**
 * One thing that happened. Whoever does it says so, and in an order that a kill at any instant leaves
 * true: before it sends, after it has shown, after the hub has confirmed.
 */
export type Event =
  /** A new life of this agent begins: the former one was killed. */
  | { readonly kind: 'started'; readonly agent: string }
  /** The hub has let this agent in, for the first time or again. */
  | { readonly kind: 'attached'; readonly agent: string }
  | Sending
  | { readonly kind: 'accepted'; readonly attempt: Attempt; readonly id: string; readonly seq: number }
  /** No answer came: it may be stored, or not. */
  | { readonly kind: 'unconfirmed'; readonly attempt: Attempt }
  /** Said not to be stored. */
  | { readonly kind: 'refused'; readonly attempt: Attempt; readonly reason: string }
  /** About to be offered to a route that cannot confirm. */
  | { readonly kind: 'offering'; readonly agent: string; readonly id: string }
  | Shown
  /** The hub has confirmed that it knows of the showing. */
  | { readonly kind: 'acknowledged'; readonly agent: string; readonly id: string }
  /** The sender was told, unasked, what became of a message for this agent. */
  | { readonly kind: 'receipt'; readonly agent: string; readonly id: string; readonly state: ReceiptState }
  /** What the hub answered at the very end: every step that the message took for this agent. */
  | { readonly kind: 'end'; readonly agent: string; readonly id: string; readonly steps: readonly ReceiptState[] }
  /** What had been accepted and acknowledged up to here is in the backup; what follows may be or not. */
  | { readonly kind: 'backup began' }
  /** The ledger is the backup's from here on. */
  | { readonly kind: 'restored' }
