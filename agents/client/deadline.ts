import type { CallOptions, ClientError } from './client.ts'
import type { Clock } from './clock.ts'
import { aborted } from './failures.ts'

/** Milliseconds that a call may take when its caller says nothing. */
const defaultTimeoutMs = 15_000

/** The end of one call's patience. `end` must be called when the call is over. */
export interface Deadline {
  /** Its reason is the `ClientError` to reject with. */
  readonly signal: AbortSignal
  readonly end: () => void
}

/**
 * Fires at the deadline or with the caller's signal, whichever comes first. `expired` and `gaveUp` make
 * the error at that moment, since only then is it known how far the call had come.
 */
export function startDeadline(
  clock: Clock,
  { timeoutMs = defaultTimeoutMs, signal }: CallOptions,
  expired: () => ClientError,
  gaveUp: () => ClientError = () => aborted(false),
): Deadline {
  const controller = new AbortController()
  const onAbort = (): void => controller.abort(gaveUp())
  const cancel = clock.after(timeoutMs, () => controller.abort(expired()))
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    signal: controller.signal,
    end() {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** A promise that `start` settles, or the signal. `start` may return what undoes its work; it runs at the end either way. */
export function settledBy<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => (() => void) | void,
): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason as ClientError)
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const onAbort = (): void => reject(signal.reason as ClientError)
  signal.addEventListener('abort', onAbort, { once: true })
  const undo = start(resolve, reject)
  return promise.finally(() => {
    signal.removeEventListener('abort', onAbort)
    undo?.()
  })
}
