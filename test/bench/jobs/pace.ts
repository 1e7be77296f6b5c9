/** Milliseconds before an appointed moment from which it is watched for without sleeping: timers are late by about one. */
const watchMs = 2

/**
 * Resolves at the moment, in `performance.now()`'s milliseconds. Shortly before it the event loop turns without rest,
 * so that what arrives is seen at once, and what is due is not late.
 */
export async function at(moment: number): Promise<void> {
  const spare = moment - performance.now() - watchMs
  if (spare > 0) await new Promise((resolve) => setTimeout(resolve, spare))
  while (performance.now() < moment) await new Promise(setImmediate)
}
