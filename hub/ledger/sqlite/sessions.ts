import { eq, sql } from './drizzle.ts'
import type { Operations } from '../operations.ts'
import { toRecord } from './directory.ts'
import { sessions } from './schema.ts'
import type { Store } from './store.ts'

type SessionOperations = Pick<Operations, 'openSession' | 'session' | 'extendSession' | 'closeSession'>

/** Sessions by the hash of their token; the token itself is never here [S-5]. */
export function prepareSessions({ orm, directory }: Store): SessionOperations {
  const byHash = eq(sessions.hash, sql.placeholder('hash'))
  const add = orm
    .insert(sessions)
    .values({
      hash: sql.placeholder('hash'),
      agent: sql.placeholder('agent'),
      createdAt: sql.placeholder('now'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .prepare()
  const read = orm.select().from(sessions).where(byHash).prepare()
  const extend = orm
    .update(sessions)
    .set({ expiresAt: sql`${sql.placeholder('expiresAt')}` })
    .where(byHash)
    .prepare()
  const remove = orm.delete(sessions).where(byHash).prepare()

  return {
    openSession: (session) => void add.run({ ...session }),
    session({ hash, now }) {
      const row = read.get({ hash })
      const agent = row && row.expiresAt > now ? directory.agent(row.agent) : undefined
      return row && agent && { agent: toRecord(agent), openedAt: row.createdAt, expiresAt: row.expiresAt }
    },
    extendSession: (change) => void extend.run({ ...change }),
    closeSession: (hash) => void remove.run({ hash }),
  }
}
