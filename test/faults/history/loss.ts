import { pair, type Facts } from './facts.ts'
import type { Violation } from './violation.ts'

/**
 * What was accepted has been shown to each recipient, or has ended otherwise and its receipt says so
 * [D-1] [D-2]; and of all that was accepted the hub can say what became of it [D-6].
 */
export function findLosses({ letters, ends, shown }: Facts): Violation[] {
  return [...letters.values()].flatMap(({ sending, accepted, mayBeUndone }) => {
    if (!accepted || mayBeUndone) return []
    return sending.recipients.flatMap((agent): Violation[] => {
      const name = pair(accepted.id, agent)
      const what = `${sending.attempt}, accepted as ${name}`
      const steps = ends.get(name)
      if (!steps) return [{ rule: 'unknown end', what }]
      const isKnown = shown.has(name) || steps.includes('expired') || steps.includes('bounced')
      return isKnown ? [] : [{ rule: 'loss', what: `${what}; the hub says ${steps.join(', ')}` }]
    })
  })
}
