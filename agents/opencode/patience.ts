/** Parts that a time is waited in. */
const ticks = 10

/**
 * Does the work, but resolves after so many milliseconds at the latest, and never rejects: mail may wait
 * for another route, opencode and its person may not. The signal tells the work that nobody waits any more.
 *
 * The time is counted in ticks: at its first prompt opencode keeps the process to itself for seconds on a
 * slow machine. A single timer would be over after that, before an answer that has long come is read.
 */
export async function within(ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = ticks
  const timer = setInterval(() => {
    left -= 1
    if (left > 0) return
    late.abort()
    resolve()
  }, ms / ticks)
  try {
    await Promise.race([promise, work(late.signal)])
  } catch {
    // Fails open. What was not handed over stays unread.
  } finally {
    clearInterval(timer)
  }
}
