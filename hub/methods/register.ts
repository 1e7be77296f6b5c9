import { nameKey, reservedNames, type Failure } from '../../protocol/index.ts'
import { hashToken, makeToken } from '../auth.ts'
import type { AgentId } from '../ledger/ledger.ts'
import { attach, inUse } from './attach.ts'
import { isoTime } from '../iso-time.ts'
import { failed, type Caller, type Handler, type Services } from './method.ts'

/** A name belongs to the key that registered it first [S-3]. */
export const register: Handler<'register', Caller> = async (services, caller, params) => {
  const { ledger, rates, clock, settings, incidents } = services
  const { name } = params
  if (reservedNames.includes(nameKey(name))) return failed('name_reserved')
  const refusal = await rates.registration(caller.address)
  if (refusal) {
    incidents.report('refused for its rate', { address: caller.address, of: 'register' })
    return { kind: 'failed', failure: refusal }
  }

  const now = clock.now()
  const claim = await ledger.claim({ name, keyHash: hashToken(params.key), now, extendTo: now + settings.ttl })
  if (claim.kind === 'taken') {
    incidents.report('refused a name to another key', { address: caller.address, name })
    return { kind: 'failed', failure: taken(name, claim) }
  }
  if (!claim.created) await rates.refundRegistration(caller.address)

  const occupied = await makeRoom(services, caller, claim.agent.id, params.takeOver)
  if (occupied) return { kind: 'failed', failure: occupied }

  const token = makeToken()
  const tokenHash = hashToken(token)
  const expiresAt = now + settings.session
  await ledger.openSession({ hash: tokenHash, agent: claim.agent.id, now, expiresAt })
  return attach(services, caller, { ...claim, ...params, token, tokenHash, expiresAt, position: undefined })
}

/** A live session keeps its name until it is taken over on request or no longer answers. */
async function makeRoom(
  { roster, ledger }: Services,
  caller: Caller,
  agent: AgentId,
  takeOver: boolean,
): Promise<Failure | undefined> {
  const present = roster.of(agent)
  if (!present) return undefined
  if (present.line !== caller.line) {
    if (!takeOver && (await present.line.probe())) return inUse(present)
    present.line.close('taken_over')
  }
  await ledger.closeSession(present.tokenHash)
  return undefined
}

function taken(name: string, claim: { forwardsTo: string | undefined; until: number | undefined }): Failure {
  if (claim.forwardsTo === undefined || claim.until === undefined) {
    return { reason: 'name_taken', message: `The name "${name}" belongs to somebody else.` }
  }
  const until = isoTime(claim.until)
  return {
    reason: 'name_taken',
    message: `"${name}" is the former name of "${claim.forwardsTo}", and forwards to it until ${until}.`,
    next: `Choose another name, or register "${claim.forwardsTo}" if that is you.`,
    details: { forwardsTo: claim.forwardsTo, until },
  }
}
