import { softwareVersion, type AgentEntry } from '../../protocol/index.ts'
import { isoTime } from '../iso-time.ts'
import { ok, type Caller, type Handler, type Member } from './method.ts'

/** Who there is. Only those with a live connection are online. */
export const list: Handler<'list', Caller> = async ({ ledger, roster, clock }, _caller, { after, limit }) => {
  const [page, total] = await Promise.all([ledger.agents({ after, limit }), ledger.countAgents()])
  const now = clock.now()
  const agents = page.agents.map(({ id, name, lastSeenAt }): AgentEntry => {
    const present = roster.of(id)
    return {
      name,
      online: present !== undefined,
      routes: present ? [...present.routes] : [],
      lastSeenAt: isoTime(present ? now : lastSeenAt),
    }
  })
  return ok({ agents, total, online: roster.size, more: page.more })
}

export const configure: Handler<'configure', Member> = async ({ ledger }, { session }, { autoCheck }) => {
  await ledger.configure({ agent: session.agent, autoCheck })
  session.autoCheck = autoCheck
  return ok({ autoCheck })
}

export const reach: Handler<'reach', Member> = (_services, { session }, { routes }) => {
  session.routes = routes
  return ok({})
}

export const status: Handler<'status', Caller> = async (services, { session }) => {
  const { ledger, roster, clock, startedAt } = services
  const now = clock.now()
  const hub = {
    version: softwareVersion,
    epoch: ledger.epoch,
    startedAt: isoTime(startedAt),
    now: isoTime(now),
    connections: services.connections(),
    agents: await ledger.countAgents(),
    online: roster.size,
    writable: services.health.writable,
  }
  if (!session) return ok({ hub })
  const { waiting } = await ledger.countUnread({ agent: session.agent, upTo: 0, now })
  return ok({
    hub,
    agent: {
      name: session.name,
      waiting,
      topics: [...session.topics],
      autoCheck: session.autoCheck,
      sessionExpiresAt: isoTime(session.expiresAt),
    },
  })
}
