import type { Route } from '../../../protocol/index.ts'

/** What a ring tells: never a peer's words. */
export interface Ring {
  readonly unread: number
  readonly urgent: boolean
}

/** A way to draw an assistant's attention to unread mail. One module for each. */
export interface Ringer {
  /** What receipts and senders are told. */
  readonly route: Route
  /** For people: "the plugin's monitor". */
  readonly title: string
  /** True where a ring costs the assistant a turn of its model: of these only the first that is ready rings. */
  readonly wakes: boolean
  /** Whether a ring would be heard now. */
  isReady(): boolean
  /** Milliseconds since the last sign of a turn at work in which hooks are given the chance to show the mail first. */
  readonly busyMs: number
  /** False where it was not heard after all: then the mail counts as not announced. Never rejects. */
  ring(ring: Ring): Promise<boolean>
}

/** What a wake-up says to the model. It may enter as the user's words, so that it holds nothing of a peer. */
export const ringText =
  'Bellhop: new mail has arrived (this note is automatic). If it is not shown right here, call the Bellhop tool check for it, and tell your user what came and from whom.'
