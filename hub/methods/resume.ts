import { hashToken, makeToken } from '../auth.ts'
import { LedgerError } from '../ledger/ledger.ts'
import { errorFacts } from '../log.ts'
import { attach } from './attach.ts'
import { failed, type Caller, type Handler, type Services } from './method.ts'

/** A client comes back on a new connection, and goes on where it was [D-3]. */
export const resume: Handler<'resume', Caller> = async (services, caller, params) => {
  const { ledger, clock, settings, roster } = services
  const now = clock.now()
  const hash = hashToken(params.session)
  const found = await ledger.session({ hash, now })
  if (!found) return failed('session_invalid')
  const { agent, openedAt } = found
  const expiresAt = now + settings.session
  const present = roster.of(agent.id)
  // Its own former connection, which has not noticed yet that it is dead.
  if (present && present.line !== caller.line) present.line.close('taken_over')

  const shared = { agent, expiresAt, created: false, ...params }
  if (agent.renamedAt === undefined || agent.renamedAt < openedAt) {
    const extended = await extend(services, hash, expiresAt)
    return attach(services, caller, {
      ...shared,
      expiresAt: extended ? expiresAt : found.expiresAt,
      token: params.session,
      tokenHash: hash,
      position: params.position,
    })
  }
  // A rename may have brought mail older than the client's position: only a fresh start is complete.
  const token = makeToken()
  const tokenHash = hashToken(token)
  await ledger.openSession({ hash: tokenHash, agent: agent.id, now: Math.max(now, agent.renamedAt + 1), expiresAt })
  await ledger.closeSession(hash)
  return attach(services, caller, { ...shared, token, tokenHash, position: undefined })
}

/** On a disk that takes no writes a session stays as long as it had, and its agent reads on; the sweep tries again. */
async function extend({ ledger, health, log }: Services, hash: string, expiresAt: number): Promise<boolean> {
  try {
    await ledger.extendSession({ hash, expiresAt })
    return true
  } catch (error) {
    if (!(error instanceof LedgerError) || error.kind !== 'unavailable') throw error
    health.failed(error)
    log.warn(errorFacts(error), 'cannot extend a session')
    return false
  }
}
