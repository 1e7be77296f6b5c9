import { methods, type Method, type RequestId, type Result, type WireError } from '../../protocol/index.ts'
import type { ClientError } from './client.ts'
import { misunderstood, refusal, unanswered } from './failures.ts'

/** How one request on one connection ended. */
export type Outcome<M extends Method> =
  | { readonly kind: 'result'; readonly result: Result<M> }
  | { readonly kind: 'refused'; readonly error: ClientError }
  /** The connection ended before the answer. `written`: the hub may have carried the request out. */
  | { readonly kind: 'lost'; readonly written: boolean; readonly error: ClientError }

interface Waiting {
  readonly method: Method
  readonly settle: (answer: Answer) => void
}

type Answer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: WireError }
  | { readonly kind: 'lost'; readonly error: ClientError }

/**
 * Requests of one connection that wait for an answer. Answers go to callbacks and not to promises: what
 * an answer changes must be in place before the next frame is looked at, and frames come in one tick.
 */
export class Calls {
  readonly #waiting = new Map<RequestId, Waiting>()
  #lastId = 0

  open<M extends Method>(method: M, done: (outcome: Outcome<M>) => void): RequestId {
    const id = ++this.#lastId
    const settle = (answer: Answer): void => done(toOutcome(method, answer))
    this.#waiting.set(id, { method, settle })
    return id
  }

  /** The answer, if it comes, interests nobody any more. */
  forget(id: RequestId): void {
    this.#waiting.delete(id)
  }

  /** Hands an answer to whoever asked; one that nobody waits for is ignored. */
  answer(id: RequestId | null, answer: Exclude<Answer, { kind: 'lost' }>): void {
    if (id === null) return
    const call = this.#waiting.get(id)
    this.#waiting.delete(id)
    call?.settle(answer)
  }

  /** No answer will come any more. */
  lose(error: ClientError): void {
    const calls = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { settle } of calls) settle({ kind: 'lost', error })
  }
}

function toOutcome<M extends Method>(method: M, answer: Answer): Outcome<M> {
  switch (answer.kind) {
    case 'lost':
      return { kind: 'lost', written: true, error: unanswered(method, answer.error) }
    case 'error':
      return { kind: 'refused', error: refusal(answer.error) }
    case 'result': {
      const checked = methods[method].result.safeParse(answer.result)
      return checked.success
        ? { kind: 'result', result: checked.data as Result<M> }
        : { kind: 'refused', error: misunderstood(`the hub's answer to "${method}" does not fit`) }
    }
  }
}
