import type { CallOptions, ClientError } from './client.ts'
import type { Clock } from './clock.ts'
import { aborted } from './failures.ts'

/** Milliseconds that a call may take when its caller says nothing. */
const defaultTimeoutMs = 15_000

/** The end of one call's patience. `end` must be called when the call is over. */
export interface Deadline {
  /** Its reason is the `ClientError` to reject with. Made when it is first asked for: most sends never are. */
  readonly signal: AbortSignal
  readonly end: () => void
}

/** The errors are made when they are needed, since only then is it known how far the call had come. */
interface Endings {
  readonly expired: () => ClientError
  /** Default: before the hub was asked. */
  readonly gaveUp?: () => ClientError
  /** Told once, where the call did not end before. */
  readonly over?: (error: ClientError) => void
}

/** Fires at the deadline or with the caller's signal, whichever comes first. */
export function startDeadline(
  clock: Clock,
  { timeoutMs = defaultTimeoutMs, signal }: CallOptions,
  { expired, gaveUp = () => aborted(false), over }: Endings,
): Deadline {
  let controller: AbortController | undefined
  let error: ClientError | undefined
  const end = (): void => {
    cancel()
    signal?.removeEventListener('abort', giveUp)
  }
  const finish = (cause: ClientError): void => {
    error = cause
    end()
    controller?.abort(cause)
    over?.(cause)
  }
  const giveUp = (): void => finish(gaveUp())
  const cancel = clock.after(timeoutMs, () => finish(expired()))
  signal?.addEventListener('abort', giveUp, { once: true })
  if (signal?.aborted) giveUp()
  return {
    get signal() {
      controller ??= new AbortController()
      if (error) controller.abort(error)
      return controller.signal
    },
    end,
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
