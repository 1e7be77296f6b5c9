import { pair } from './facts.ts'
import type { Showing } from './showings.ts'
import type { Violation } from './violation.ts'

/**
 * Mail is shown in the order of its mailbox, and what one sender wrote to one address in the order in
 * which it was written [D-3]. A showing again has its place among those of its own life only: what
 * followed it may have been confirmed before the kill.
 */
export function findReorderings(showings: readonly Showing[]): Violation[] {
  const highest = new Map<string, number>()
  const violations: Violation[] = []

  /** Whether this number is higher than all before it on this track. */
  function rises(track: string, number: number): boolean {
    if (number <= (highest.get(track) ?? -1)) return false
    highest.set(track, number)
    return true
  }

  for (const { shown, letter, again, life } of showings) {
    const { sender, to, attempt } = letter.sending
    const ledger = life.slice(0, life.indexOf('.'))
    const inPlace = [
      rises(`mailbox of ${shown.agent} in life ${life}`, shown.seq),
      again || rises(`mailbox of ${shown.agent} in ledger ${ledger}`, shown.seq),
      again || rises(`${sender} to ${to} at ${shown.agent}`, letter.ordinal),
    ]
    if (inPlace.includes(false)) {
      violations.push({ rule: 'reordering', what: `${attempt}, ${pair(shown.id, shown.agent)}, was shown too late` })
    }
  }
  return violations
}
