import type { Clock } from '../client/clock.ts'
import type { ToolCall } from './context.ts'

/** Milliseconds between progress reports, which keep some assistants from giving up. */
const progressMs = 10_000

/** Reports that a call of so many seconds goes on, where the assistant wants to hear it; the answer ends it. */
export function reportProgress(message: string, seconds: number, clock: Clock, { progress }: ToolCall): () => void {
  if (!progress) return () => undefined
  const startedAt = clock.now()
  let cancel = clock.after(progressMs, step)
  return () => cancel()

  function step(): void {
    const elapsed = Math.round((clock.now() - startedAt) / 1000)
    progress?.({ progress: elapsed, total: seconds, message })
    cancel = clock.after(progressMs, step)
  }
}
