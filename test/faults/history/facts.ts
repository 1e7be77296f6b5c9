import type { ReceiptState } from '../../../protocol/index.ts'
import type { Attempt, Event, Sending } from './event.ts'

/** One attempt with all that is known of it. */
export interface Letter {
  readonly sending: Sending
  /** Its place among all attempts: those of one sender follow each other in it. */
  readonly ordinal: number
  readonly accepted?: { readonly id: string; readonly seq: number }
  readonly refused?: string
  /** Accepted while a backup was made that was restored afterwards: that ledger need not know of it. */
  readonly mayBeUndone: boolean
}

/** What the rules look up. */
export interface Facts {
  readonly letters: ReadonlyMap<Attempt, Letter>
  /** The last answer of the hub, by `pair`. */
  readonly ends: ReadonlyMap<string, readonly ReceiptState[]>
  /** Whoever was shown what, by `pair`. */
  readonly shown: ReadonlySet<string>
}

/** One message for one recipient. */
export function pair(id: string, agent: string): string {
  return `${id} for ${agent}`
}

export function gatherFacts(events: readonly Event[]): Facts {
  const letters = new Map<Attempt, Letter>()
  const ends = new Map<string, readonly ReceiptState[]>()
  const shown = new Set<string>()
  const isRestored = events.some(({ kind }) => kind === 'restored')
  let mayBeUndone = false
  for (const event of events) {
    switch (event.kind) {
      case 'backup began':
        mayBeUndone = isRestored
        break
      case 'restored':
        mayBeUndone = false
        break
      case 'sending':
        letters.set(event.attempt, { sending: event, ordinal: letters.size, mayBeUndone: false })
        break
      case 'accepted': {
        const letter = letters.get(event.attempt)
        if (letter) letters.set(event.attempt, { ...letter, mayBeUndone, accepted: { id: event.id, seq: event.seq } })
        break
      }
      case 'refused': {
        const letter = letters.get(event.attempt)
        if (letter) letters.set(event.attempt, { ...letter, refused: event.reason })
        break
      }
      case 'shown':
        shown.add(pair(event.id, event.agent))
        break
      case 'end':
        ends.set(pair(event.id, event.agent), event.steps)
        break
      case 'started':
      case 'attached':
      case 'unconfirmed':
      case 'offering':
      case 'acknowledged':
      case 'receipt':
    }
  }
  return { letters, ends, shown }
}
