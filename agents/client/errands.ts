import type { Method, ParamsInput, Result } from '../../protocol/index.ts'
import type { Outcome } from './calls.ts'
import type { CallOptions, ClientError, ClientState } from './client.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import { settledBy, startDeadline } from './deadline.ts'
import { aborted, unanswered } from './failures.ts'

/** Milliseconds that a call waits by default for a hub that several attempts did not reach. */
const discouragedMs = 3_000

/** What an errand needs to know of its client. */
interface Situation {
  readonly clock: Clock
  /** Several attempts in a row have not reached the hub. */
  readonly isDiscouraged: () => boolean
  readonly state: () => ClientState
  readonly connection: () => Pick<Connection, 'call'> | undefined
  /** What keeps the client from being ready. */
  readonly trouble: () => ClientError
  readonly closedError: () => ClientError
}

/** Asks the hub, once. Rejects at the deadline, or when the caller gives up. */
export type Ask = <M extends Method>(
  method: M,
  params: ParamsInput<M>,
  /** Called in the turn of the answer, before the next frame is looked at. */
  apply: (result: Result<M>) => void,
) => Promise<Outcome<M>>

/** Calls that wait for the client to be ready, run, and must end by a deadline. */
export class Errands {
  readonly #situation: Situation
  readonly #waiting = new Set<() => void>()

  constructor(situation: Situation) {
    this.#situation = situation
  }

  /** How long a call that begins now may take, where its caller does not say. */
  patience(options: CallOptions): CallOptions {
    return this.#situation.isDiscouraged() ? { timeoutMs: discouragedMs, ...options } : options
  }

  /** The client's state has changed. */
  changed(): void {
    for (const look of this.#waiting) look()
  }

  /** Runs a step when the client is ready, and again as long as it gives undefined. */
  async run<T>(options: CallOptions, step: (ask: Ask, signal: AbortSignal) => Promise<T | undefined>): Promise<T> {
    const { clock, trouble } = this.#situation
    /** The method that the hub may be carrying out. */
    let asked: Method | undefined
    const deadline = startDeadline(clock, this.patience(options), {
      expired: () => (asked ? unanswered(asked, trouble()) : trouble()),
      gaveUp: () => aborted(asked !== undefined),
    })
    const { signal } = deadline
    const ask: Ask = (method, params, apply) =>
      settledBy(signal, (resolve) => {
        const connection = this.#situation.connection()
        if (!connection) return resolve({ kind: 'lost', written: false, error: trouble() })
        const forget = connection.call(method, params, (outcome) => {
          if (outcome.kind === 'result') apply(outcome.result)
          resolve(outcome)
        })
        if (forget) asked = method
        return forget
      })
    try {
      for (;;) {
        await this.#ready(signal)
        const result = await step(ask, signal)
        if (result !== undefined) return result
      }
    } finally {
      deadline.end()
    }
  }

  #ready(signal: AbortSignal): Promise<void> {
    const { state, closedError } = this.#situation
    return settledBy(signal, (resolve, reject) => {
      const look = (): void => {
        const { kind } = state()
        if (kind === 'closed') reject(closedError())
        else if (kind === 'ready' || kind === 'registered') resolve()
      }
      this.#waiting.add(look)
      look()
      return () => this.#waiting.delete(look)
    })
  }
}

/** The result; undefined where the request was not written and may be made again. Throws the rest. */
export function answerOf<M extends Method>(outcome: Outcome<M>): Result<M> | undefined {
  if (outcome.kind === 'result') return outcome.result
  if (outcome.kind === 'refused' || outcome.written) throw outcome.error
  return undefined
}
