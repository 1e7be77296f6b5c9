import type { Summary } from '../measuring/statistics.ts'

/** A figure for people: 12,345 or 1.50. */
export function figure(value: number, digits = 0): string {
  // By itself it would write "-0" for what rounds to nothing from below.
  const rounded = { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'negative' } as const
  return value.toLocaleString('en', rounded)
}

/** The median, and the range where there was more than one run: `12,345 (11,000–13,000)`. */
export function withRange({ median, least, most, count }: Summary, digits = 0): string {
  if (count === 1) return figure(median, digits)
  return `${figure(median, digits)} (${figure(least, digits)}–${figure(most, digits)})`
}
