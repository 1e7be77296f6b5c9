/** Milliseconds before the first retry, at most: most breaks are a hub that restarts [§9: back within 2 s]. */
export const quickRetryMs = 200
/** Shortest and longest wait before the later retries, in milliseconds. Source: Centrifugo. */
export const shortestWaitMs = 500
export const longestWaitMs = 20_000

/**
 * Milliseconds to wait after so many losses in a row (1: the first). Full jitter, so that a thousand
 * clients of one hub do not come back in one instant. `random` gives a number in [0, 1).
 */
export function backoff(losses: number, random: () => number): number {
  if (losses <= 1) return random() * quickRetryMs
  const spread = Math.min(longestWaitMs, shortestWaitMs * 2 ** Math.min(losses - 2, 16))
  return Math.min(longestWaitMs, shortestWaitMs + random() * spread)
}
