import { limits } from '../../protocol/index.ts'
import type { Token } from './sentence.ts'
import { correctionsOf } from './typos.ts'

/** A length of time, and the token behind it. */
export interface Rhythm {
  /** Undefined: no whole number of minutes from 0 to 60. */
  readonly minutes: number | undefined
  readonly next: number
}

const ones =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'
const numberWords: ReadonlyMap<string, number> = new Map([
  ...ones.split(' ').map((word, value) => [word, value] as const),
  ...tens.split(' ').map((word, index) => [word, (index + 2) * 10] as const),
  ['a', 1],
  ['an', 1],
])

/** Minutes in one. */
const units: ReadonlyMap<string, number> = new Map([
  ...['m', 'min', 'mins', 'minute', 'minutes'].map((word) => [word, 1] as const),
  ...['h', 'hr', 'hrs', 'hour', 'hours'].map((word) => [word, 60] as const),
  ...['s', 'sec', 'secs', 'second', 'seconds'].map((word) => [word, 1 / 60] as const),
  ...['day', 'days'].map((word) => [word, 24 * 60] as const),
])

/** Number and unit in one word: "5m", "5-minute", "ten-minute". */
const glued = /^(?:(\d{1,9})-?|([a-z]{1,9})-)([a-z]{1,7})$/

/** "5", "five minutes", "1 hour", "half an hour", "minute" (one). Undefined where no length of time begins. */
export function readRhythm(tokens: readonly Token[], at: number): Rhythm | undefined {
  const words = [0, 1, 2].map((offset) => tokens[at + offset]?.key ?? '')
  const [first = '', second = '', third = ''] = words
  if (first === 'half') {
    const length = second === 'hour' ? 2 : second === 'an' && third === 'hour' ? 3 : 0
    return length === 0 ? undefined : rhythm(0.5, 'hour', at + length)
  }
  // "every minute"
  if (/^(?:minute|min|hour|second|day)$/.test(first)) return rhythm(1, first, at + 1)
  // A minus stands apart from its number, or before it.
  if (tokens[at]?.kind === 'mark' && /^[-–]$/.test(first)) return { minutes: undefined, next: at + 2 }
  const whole = numberOf(first)
  if (whole !== undefined) {
    const rest = first.endsWith('y') ? numberOf(second) : undefined
    const [value, next] = rest !== undefined && rest < 10 ? [whole + rest, at + 2] : [whole, at + 1]
    const unit = tokens[next]?.key ?? ''
    if (isUnit(unit)) return rhythm(value, unit, next + 1)
    return first === 'a' || first === 'an' ? undefined : rhythm(value, 'minute', next)
  }
  const [, digits, word, unit = ''] = glued.exec(first) ?? []
  const value = numberOf(digits ?? word ?? '')
  return value !== undefined && isUnit(unit) ? rhythm(value, unit, at + 1) : undefined
}

function isUnit(word: string): boolean {
  return units.has(word) || correctionsOf(word).includes('minutes')
}

function rhythm(value: number, unit: string, next: number): Rhythm {
  const minutes = value * (units.get(unit) ?? 1)
  const fits = Number.isInteger(minutes) && minutes >= 0 && minutes <= limits.autoCheckMinutesMax
  return { minutes: fits ? Math.abs(minutes) : undefined, next }
}

function numberOf(word: string): number | undefined {
  if (/^-?\d+(?:\.\d+)?$/.test(word)) return Number(word)
  const [ten = '', one] = word.split('-')
  const value = numberWords.get(ten)
  if (one === undefined || value === undefined) return value
  const rest = numberWords.get(one)
  return rest === undefined || value < 20 ? undefined : value + rest
}
