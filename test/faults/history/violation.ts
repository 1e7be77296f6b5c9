/** What a history can be found guilty of, with the promise that it breaks. */
export const rules = {
  loss: '[D-1] [D-2] a message was accepted, and a recipient was never shown it',
  duplicate: '[D-2] [D-4] a message was shown again without a kill before its acknowledgement, or stored twice',
  reordering: '[D-3] a message was shown behind one that came later in the same mailbox',
  'false receipt': '[D-6] a receipt says what did not happen, or denies what did',
  'receipt went back': '[D-6] a receipt moved back, or on from an end',
  'unknown end': '[D-6] the hub does not know what became of a message that it accepted',
  'never sent': 'a message was shown that nobody sent',
  'refused, yet shown': 'a message was shown that its sender was told is not stored',
  'wrong sender': '[S-4] a message was shown under another name than its sender’s',
  'wrong recipient': 'a message was shown to somebody to whom nobody sent it',
  altered: 'a message was shown with another body than was sent',
} as const

export type Rule = keyof typeof rules

/** One broken promise. */
export interface Violation {
  readonly rule: Rule
  /** Which message, for whom, and what was seen. */
  readonly what: string
}
