import type { Event } from './event.ts'
import { gatherFacts } from './facts.ts'
import { findLosses } from './loss.ts'
import { findReorderings } from './order.ts'
import { findFalseReceipts } from './receipts.ts'
import { judgeShowings } from './showings.ts'
import type { Rule, Violation } from './violation.ts'

/** What a history amounts to. */
export interface Verdict {
  readonly violations: readonly Violation[]
  readonly counts: {
    readonly attempts: number
    readonly accepted: number
    /** Reported as unconfirmed, or left without an answer by a sender that was killed. */
    readonly unconfirmed: number
    readonly refused: number
    /** Showings, one for each recipient. */
    readonly shown: number
    /** Showings again, each after a kill before the acknowledgement: what [D-2] allows. */
    readonly shownAgain: number
  }
}

/** Holds a history, in the order in which things happened, against the delivery rules. */
export function check(events: readonly Event[]): Verdict {
  const facts = gatherFacts(events)
  const { showings, violations } = judgeShowings(events, facts)
  const letters = [...facts.letters.values()]
  const accepted = letters.filter((letter) => letter.accepted).length
  const refused = letters.filter((letter) => letter.refused !== undefined).length
  const shownAgain = showings.filter(({ again }) => again).length
  return {
    violations: [
      ...findLosses(facts),
      ...violations,
      ...findReorderings(showings),
      ...findFalseReceipts(events, facts),
    ],
    counts: {
      attempts: letters.length,
      accepted,
      unconfirmed: letters.length - accepted - refused,
      refused,
      shown: showings.length - shownAgain,
      shownAgain,
    },
  }
}

/** How often each rule was broken. */
function countBroken({ violations }: Verdict, ...rules: readonly Rule[]): number {
  return violations.filter(({ rule }) => rules.includes(rule)).length
}

/** A line of figures. */
export function describeVerdict(verdict: Verdict): string {
  const { attempts, accepted, unconfirmed, refused, shown, shownAgain } = verdict.counts
  const broken = (...rules: readonly Rule[]): number => countBroken(verdict, ...rules)
  const named = broken('loss', 'unknown end', 'duplicate', 'reordering', 'false receipt', 'receipt went back')
  return (
    `${attempts} sent: ${accepted} accepted, ${unconfirmed} unanswered, ${refused} refused; ${shown} shown; ` +
    `${broken('loss', 'unknown end')} lost, ${broken('duplicate')} twice, ${broken('reordering')} reordered, ` +
    `${broken('false receipt', 'receipt went back')} false receipts, ${verdict.violations.length - named} other faults; ` +
    `${shownAgain} shown again as allowed`
  )
}
