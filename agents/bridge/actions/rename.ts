import { bridgeLimits } from '../limits.ts'
import { ok } from '../outcome.ts'
import type { Action } from '../services.ts'

/** The session and the presence follow the agent: whoever renamed it, they hear it from the client. */
export const rename: Action<'rename'> = async ({ sessions }, { presence: { client } }, { new_id }) => {
  const { previous, name } = await client.rename(new_id, { timeoutMs: bridgeLimits.hubMs })
  await sessions.flush()
  return ok({ message: `Renamed ${previous} to ${name}` })
}
