/** The middle and the ends of some figures. */
export interface Summary {
  readonly median: number
  readonly least: number
  readonly most: number
  readonly count: number
}

/** The middle value, or the mean of the two in the middle. Throws for no values at all. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('there is no median of nothing')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return Number.isInteger(middle) ? (sorted[middle - 1]! + sorted[middle]!) / 2 : sorted[Math.floor(middle)]!
}

/** The smallest value that at least `share` (0 to 1) of all values do not exceed: nearest rank, never interpolated. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('there is no percentile of nothing')
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.ceil(share * sorted.length)
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]!
}

export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: median(values), least: sorted[0]!, most: sorted[sorted.length - 1]!, count: values.length }
}

/**
 * The quotient of two figures in each round in which both were measured, one beside the other. What the
 * machine did to a round it did to both; a quotient of medians would compare different rounds.
 */
export function ratios(of: readonly (number | undefined)[], to: readonly (number | undefined)[]): number[] {
  return of.flatMap((value, round) => {
    const base = to[round]
    return value === undefined || base === undefined || base === 0 ? [] : [value / base]
  })
}
