import type { Results } from '../results.ts'
import type { Target } from '../scenario.ts'
import { figure } from './numbers.ts'

/** A target beside what was measured, in words. */
export interface Verdict {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly verdict: 'met' | 'not met' | 'not measured'
}

export function judge({ what, bound, limit, unit, digits = 0, value }: Target, results: Results): Verdict {
  const measured = value(results)
  const shown = (number: number, places: number): string =>
    `${figure(number, places)}${unit === '' ? '' : ` ${unit.trim()}`}`
  const target = `${bound} ${shown(limit, Number.isInteger(limit) ? 0 : digits)}`
  if (measured === undefined) return { what, target, measured: '–', verdict: 'not measured' }
  const isMet = bound === 'at least' ? measured >= limit : measured <= limit
  return { what, target, measured: shown(measured, digits), verdict: isMet ? 'met' : 'not met' }
}
