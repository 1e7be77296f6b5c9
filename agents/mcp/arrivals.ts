import type { Clock } from '../client/clock.ts'
import type { Inbox } from './mail/inbox.ts'

/** Messages that a hub pushes before the first acknowledgement: more are not waited for. */
const window = 64
/** Milliseconds for what the hub has announced to arrive. */
const arrivalMs = 1_000

/**
 * Resolves when the inbox holds what the hub says is waiting, or after a second: the count comes before
 * the pushes, and a result should carry the mail that it counts.
 */
export async function untilArrived(inbox: Inbox, clock: Clock, waiting: number, signal: AbortSignal): Promise<void> {
  await waitFor(inbox, clock, () => inbox.held >= Math.min(waiting, window), arrivalMs, signal)
}

/** Resolves at the first of: condition (looked at now and at each new unread message), time, abort. */
export async function waitFor(
  inbox: Inbox,
  clock: Clock,
  condition: () => boolean,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (condition() || signal.aborted) return
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      stopListening()
      cancelTimer()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const stopListening = inbox.onUnread(() => condition() && finish())
    const cancelTimer = clock.after(ms, finish)
    signal.addEventListener('abort', finish)
  })
}
