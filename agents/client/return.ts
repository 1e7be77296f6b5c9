import type { Attached } from '../../protocol/index.ts'
import type { Outcome } from './calls.ts'
import type { ClientError } from './client.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'
import type { Keys } from './keys.ts'
import type { Member, Membership } from './membership.ts'

/** Milliseconds for the hub's answer; after that the connection counts as broken. */
const answerMs = 10_000

/** How the return of a name to a new connection ended. */
export type Return =
  | { readonly kind: 'attached'; readonly attached: Attached; readonly resumed: boolean }
  /** For good: the name is not this client's any more. */
  | { readonly kind: 'refused'; readonly error: ClientError }

/**
 * Takes the name back on a new connection: resumes the session [D-3], or registers with the stored key
 * where the session is no more. A refusal that will pass costs the connection, and so comes back as an
 * ordinary loss. `done` is called at most once.
 */
export function returnTo(
  connection: Pick<Connection, 'call' | 'drop'>,
  { registration, token }: Member,
  { membership, keys, clock }: { membership: Membership; keys: Keys; clock: Clock },
  done: (end: Return) => void,
): void {
  const cancel = clock.after(answerMs, () => connection.drop('it did not answer in time'))

  const register = (): void => {
    try {
      const { name } = registration
      const { key } = keys.obtain(name)
      connection.call('register', { name, key, ...membership.wishes }, (outcome) => settle(outcome, false))
    } catch (error) {
      finish({ kind: 'refused', error: error as ClientError })
    }
  }
  const settle = (outcome: Outcome<'register' | 'resume'>, resumed: boolean): void => {
    if (outcome.kind === 'lost') return cancel()
    if (outcome.kind === 'result') return finish({ kind: 'attached', attached: outcome.result, resumed })
    const { error } = outcome
    if (resumed && error.reason === 'session_invalid') return register()
    if (!error.temporary) return finish({ kind: 'refused', error })
    cancel()
    connection.drop(error, error.retryAfterMs)
  }
  const finish = (end: Return): void => {
    cancel()
    done(end)
  }

  const { position } = membership.inbox
  const params = { session: token, ...(position && { position }), ...membership.wishes }
  connection.call('resume', params, (outcome) => settle(outcome, true))
}
