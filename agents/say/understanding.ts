/**
 * What a sentence asks for. `to` and `name` stand in the sentence as they are here, case kept; `text` is
 * a piece of it, cut out and not changed. `minutes` is 0 (at once) to 60; none given means at once.
 */
export type Understanding =
  | { readonly intent: 'register' | 'rename'; readonly name: string }
  | { readonly intent: 'send'; readonly to: string; readonly text: string }
  | { readonly intent: 'reply' | 'broadcast'; readonly text: string }
  | { readonly intent: 'forward'; readonly to: string }
  | { readonly intent: 'check' | 'list' | 'auto-check-stop' | 'auto-check-status' }
  | { readonly intent: 'auto-check-start'; readonly minutes?: number }
  | Unknown

/** Nothing is to be done. `question` asks back where it is nearly clear; `suggestions` would be understood. */
export interface Unknown {
  readonly intent: 'unknown'
  readonly question?: string
  readonly suggestions: readonly string[]
}

export type Intent = Exclude<Understanding['intent'], 'unknown'>

/** What helps to tell a slip from a name. */
export interface SayContext {
  /** Names and #topics that the hub knows. Without them, every well-formed name is taken as it is. */
  readonly names?: readonly string[]
}
