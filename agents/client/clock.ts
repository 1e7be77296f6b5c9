/** What the client knows of time. Tests hand in their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs the task once after so many milliseconds; the returned function cancels it. */
  after(ms: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}
