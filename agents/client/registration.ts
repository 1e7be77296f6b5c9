import type { AgentName, Attached } from '../../protocol/index.ts'
import type { CallOptions } from './client.ts'
import type { Connection } from './connection.ts'
import type { Errands } from './errands.ts'
import type { Keys } from './keys.ts'
import type { Membership } from './membership.ts'

interface Registrant {
  readonly errands: Errands
  readonly keys: Keys
  readonly membership: Membership
  readonly connection: () => Pick<Connection, 'drop'> | undefined
  /** Called in the turn of the answer. */
  readonly attached: (attached: Attached) => void
}

/** Registers a name with its key [P-10]; again, where a connection was lost before the answer: the key makes it the same registration. */
export function takeName(
  { name, takeOver }: { readonly name: AgentName; readonly takeOver: boolean },
  { errands, keys, membership, connection, attached }: Registrant,
  options: CallOptions,
): Promise<Attached> {
  return errands.run(options, async (ask, signal) => {
    const { key, made } = keys.obtain(name)
    const asked = connection()
    const outcome = await ask('register', { name, key, takeOver, ...membership.wishes }, attached).catch((error) => {
      // An answer that came now would attach a name that nobody waits for.
      if (signal.aborted) asked?.drop('it did not answer a registration in time')
      throw error
    })
    if (outcome.kind === 'refused') {
      if (made && !outcome.error.temporary) keys.remove(name)
      throw outcome.error
    }
    return outcome.kind === 'result' ? outcome.result : undefined
  })
}
