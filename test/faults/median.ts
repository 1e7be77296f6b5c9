/** The middle and the end of some durations, in whole milliseconds. */
export function medianAndWorst(durations: readonly number[]): string {
  const sorted = durations.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return `${median.toFixed(0)} ms (median), ${(sorted.at(-1) ?? Number.NaN).toFixed(0)} ms (worst)`
}
