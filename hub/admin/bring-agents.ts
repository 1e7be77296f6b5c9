import { nameKey, reservedNames, type ImportAgents, type ImportAgentsRequest } from '../../protocol/index.ts'
import type { ImportedAgent } from '../../protocol/index.ts'
import { hashToken } from '../auth.ts'
import type { AgentRecord, ClaimOutcome } from '../ledger/ledger.ts'
import type { Answer } from '../net/http.ts'
import type { AdminServices } from './admin.ts'
import { registeredNames } from './find-known.ts'

type Result = ImportAgents['agents'][number]

/**
 * Registers agents of another system under keys of this user, with the mail that waits for their names. A
 * name that was left a short time ago forwards for the rest of its time, as after a rename here.
 */
export async function bringAgents(services: AdminServices, { agents }: ImportAgentsRequest): Promise<Answer> {
  const taken = await registeredNames(services.ledger)
  const results: Result[] = []
  for (const agent of agents) {
    const result: Result = reservedNames.includes(nameKey(agent.name))
      ? { kind: 'taken' }
      : await bringAgent(services, agent, taken)
    if (result.kind === 'registered') taken.add(nameKey(agent.name))
    results.push(result)
  }
  return { status: 200, json: { agents: results } satisfies ImportAgents }
}

async function bringAgent(services: AdminServices, agent: ImportedAgent, taken: ReadonlySet<string>): Promise<Result> {
  const names = taken.has(nameKey(agent.name)) ? [] : formerNames(services, agent, taken)
  const [first = { name: agent.name }] = names
  const claim = await claimName(services, agent, first.name)
  if (claim.kind === 'taken') return claim
  if (names.length > 0) await renameAlong(services, claim.agent, names, agent)
  const kind = claim.created ? 'registered' : 'yours'
  return { kind, agent: claim.agent.id, forwards: names.map(({ name }) => name) }
}

/** Those that still forward and that nobody else has; without a gap up to the present name. */
function formerNames(
  { clock, settings }: AdminServices,
  { former }: ImportedAgent,
  taken: ReadonlySet<string>,
): ImportedAgent['former'] {
  const now = clock.now()
  const isLive = ({ name, leftAt }: ImportedAgent['former'][number]): boolean =>
    leftAt <= now &&
    leftAt + settings.forwardFor > now &&
    !taken.has(nameKey(name)) &&
    !reservedNames.includes(nameKey(name))
  return former.slice(former.findLastIndex((name) => !isLive(name)) + 1)
}

function claimName(
  { ledger, clock, settings }: AdminServices,
  { key, lastSeenAt }: ImportedAgent,
  name: ImportedAgent['name'],
): Promise<ClaimOutcome> {
  const now = clock.now()
  return ledger.claim({
    name,
    keyHash: hashToken(key),
    now,
    extendTo: now + settings.ttl,
    lastSeenAt: Math.min(lastSeenAt, now),
  })
}

/** As it was renamed there, each at its time. */
async function renameAlong(
  { ledger, clock, settings }: AdminServices,
  agent: AgentRecord,
  names: ImportedAgent['former'],
  { name: present }: ImportedAgent,
): Promise<void> {
  for (const [index, { leftAt }] of names.entries()) {
    await ledger.rename({
      agent: agent.id,
      to: names[index + 1]?.name ?? present,
      now: leftAt,
      forwardUntil: leftAt + settings.forwardFor,
      // That it was allowed was decided there.
      notAfter: clock.now(),
      extendTo: clock.now() + settings.ttl,
    })
  }
}
