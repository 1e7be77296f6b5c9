/**
 * Does the work, but resolves after so many milliseconds at the latest, and never rejects: mail may wait
 * for another route, opencode and its person may not. The signal tells the work that nobody waits any more.
 */
export async function within(ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    late.abort()
    resolve()
  }, ms)
  try {
    await Promise.race([promise, work(late.signal)])
  } catch {
    // Fails open. What was not handed over stays unread.
  } finally {
    clearTimeout(timer)
  }
}
