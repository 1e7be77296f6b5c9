import { validName } from '../../client/keys.ts'
import { unreachable } from '../../client/failures.ts'
import { challenge } from '../authentication.ts'
import { bridgeLimits } from '../limits.ts'
import { localTime } from '../local-time.ts'
import { ok, refused, type Outcome } from '../outcome.ts'
import type { OldRequest } from '../request.ts'
import type { Services } from '../services.ts'

/** A name, and a token for it. A live one is its holder's, whoever else knows the secret. */
export async function register(services: Services, request: OldRequest<'register'>): Promise<Outcome> {
  const { door, sessions, presences, rates, turns, clock } = services
  const asked = validName(request.instance_id)
  const problem = await challenge(door, { name: asked, authToken: request.auth_token ?? '' })
  if (problem !== undefined) {
    await new Promise<void>((resolve) => clock.after(bridgeLimits.wrongSecretMs, resolve))
    return refused(problem)
  }
  const excess = await rates.request(asked)
  if (excess !== undefined) return refused(excess)

  // Two that ask at once must not both find the name free.
  const done = await turns.take(`name ${asked.toLowerCase()}`, () =>
    unreachable(undefined, 'another registration of this name has not been answered'),
  )
  try {
    const held = sessions.of(asked)
    const until = held && sessions.heldUntil(held)
    if (until !== undefined && sessions.find(request.session_token) !== held) {
      const time = localTime(new Date(until).toISOString())
      return refused(
        `${asked} is in use: another client used it a short time ago. Go on with the session of that client (its token is in ~/.ipc-session), choose another name, or register again after ${time}, when the other client has been silent until then.`,
      )
    }
    const { client } = await presences.obtain(asked)
    const { agent } = await client.request('status', {}, { timeoutMs: bridgeLimits.hubMs })
    const name = agent?.name ?? asked
    const token = await sessions.open(name)
    const waiting = agent?.waiting ?? 0
    const queued = waiting === 0 ? '' : ` with ${waiting} queued messages`
    return {
      ...ok({ session_token: token, message: `Registered ${name}${queued}` }),
      // A token that nobody has must not keep its name from whoever asks again.
      async settle(fate) {
        if (fate === 'lost') await sessions.discard(token)
      },
    }
  } finally {
    done()
  }
}
