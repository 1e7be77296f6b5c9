import { and, asc, count, desc, eq, gt, isNull, sql } from './drizzle.ts'
import { nameKey } from '../../../protocol/index.ts'
import type { AgentId, AgentRecord } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { toRecord } from './directory.ts'
import { agents } from './schema.ts'
import type { Store } from './store.ts'

const registered = isNull(agents.releasedAt)

type AgentOperations = Pick<Operations, 'agent' | 'agents' | 'countAgents' | 'recentNames' | 'configure' | 'seen'>

/** Who is registered, and what is kept about each. */
export function prepareAgents({ orm, db, directory }: Store): AgentOperations {
  const page = orm
    .select()
    .from(agents)
    .where(and(registered, gt(agents.nameKey, sql.placeholder('after'))))
    .orderBy(asc(agents.nameKey))
    .limit(sql.placeholder('limit'))
    .prepare()
  const total = orm.select({ total: count() }).from(agents).where(registered).prepare()
  const recent = orm
    .select({ name: agents.name })
    .from(agents)
    .where(registered)
    .orderBy(desc(agents.lastSeenAt))
    .limit(sql.placeholder('limit'))
    .prepare()
  const setAutoCheck = orm
    .update(agents)
    .set({
      autoCheckEnabled: sql`${sql.placeholder('enabled')}`,
      autoCheckMinutes: sql`${sql.placeholder('minutes')}`,
    })
    .where(eq(agents.id, sql.placeholder('agent')))
    .prepare()
  const setSeen = db.prepare<[number, AgentId]>('UPDATE agents SET last_seen_at = max(last_seen_at, ?) WHERE id = ?')

  return {
    agent(id) {
      const agent = directory.agent(id)
      return agent && toRecord(agent)
    },
    agents({ after, limit }) {
      const rows = page.all({ after: after === undefined ? '' : nameKey(after), limit: limit + 1 })
      return { agents: rows.slice(0, limit).map(recordOf), more: rows.length > limit }
    },
    countAgents: () => total.get()?.total ?? 0,
    recentNames: (limit) => recent.all({ limit }).map(({ name }) => name),
    configure({ agent, autoCheck }) {
      setAutoCheck.run({ agent, enabled: autoCheck.enabled ? 1 : 0, minutes: autoCheck.minutes })
      directory.forget()
    },
    seen({ agents: here, at }) {
      for (const agent of here) setSeen.run(at, agent)
      directory.forget()
    },
  }
}

function recordOf(row: typeof agents.$inferSelect): AgentRecord {
  const { id, name, createdAt, lastSeenAt, renamedAt } = row
  const autoCheck = { enabled: row.autoCheckEnabled, minutes: row.autoCheckMinutes }
  return { id, name, createdAt, lastSeenAt, renamedAt: renamedAt ?? undefined, autoCheck }
}
