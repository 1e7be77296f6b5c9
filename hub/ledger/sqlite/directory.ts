import type Database from 'better-sqlite3'
import { nameKey, type AgentName, type TopicName } from '../../../protocol/index.ts'
import type { AgentId, AgentRecord } from '../ledger.ts'

/** Names kept in memory; above it all are forgotten and read again. */
const namesKept = 20_000

export interface Agent extends AgentRecord {
  readonly mailbox: number
  readonly keyHash: string
}

/** What a name stands for at a given time. `free`: nobody has it and nothing waits for it. */
export type Standing =
  | { readonly kind: 'own'; readonly agent: Agent }
  | { readonly kind: 'forward'; readonly agent: Agent; readonly until: number }
  | { readonly kind: 'unclaimed'; readonly mailbox: number }
  | { readonly kind: 'free' }

export interface Topic {
  readonly address: number
  readonly name: TopicName
}

/** Looks names up, case ignored, and remembers them. Whoever changes agents, names or topics calls `forget`. */
export interface Directory {
  standing(name: AgentName, now: number): Standing
  /** Undefined once released. */
  agent(id: AgentId): Agent | undefined
  topic(name: TopicName): Topic | undefined
  forget(): void
}

interface AgentRow {
  readonly id: AgentId
  readonly name: AgentName
  readonly mailbox: number
  readonly keyHash: string
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly renamedAt: number | null
  readonly autoCheckEnabled: number
  readonly autoCheckMinutes: number
}

export const agentColumns = `g.id, g.name, g.mailbox, g.key_hash AS keyHash, g.created_at AS createdAt,
  g.last_seen_at AS lastSeenAt, g.renamed_at AS renamedAt,
  g.auto_check_enabled AS autoCheckEnabled, g.auto_check_minutes AS autoCheckMinutes`

export function prepareDirectory(db: Database.Database): Directory {
  const readName = db.prepare<[string], { agent: AgentId | null; until: number | null; mailbox: number | null }>(
    'SELECT agent, until, mailbox FROM names WHERE name_key = ?',
  )
  const readAgent = db.prepare<[number], AgentRow>(
    `SELECT ${agentColumns} FROM agents g WHERE g.id = ? AND g.released_at IS NULL`,
  )
  const readTopic = db.prepare<[string], Topic>(
    'SELECT id AS address, topic AS name FROM addresses WHERE topic_key = ?',
  )
  const standings = new Map<string, Standing>()
  const agents = new Map<AgentId, Agent | undefined>()
  const topics = new Map<string, Topic | undefined>()

  function agent(id: AgentId): Agent | undefined {
    return remembered(agents, id, () => {
      const row = readAgent.get(id)
      return row && toAgent(row)
    })
  }

  function look(key: string): Standing {
    const row = readName.get(key)
    if (!row) return { kind: 'free' }
    if (row.mailbox !== null) return { kind: 'unclaimed', mailbox: row.mailbox }
    const owner = row.agent === null ? undefined : agent(row.agent)
    if (!owner) return { kind: 'free' }
    return row.until === null ? { kind: 'own', agent: owner } : { kind: 'forward', agent: owner, until: row.until }
  }

  return {
    agent,
    standing(name, now) {
      const key = nameKey(name)
      const standing = remembered(standings, key, () => look(key))
      return standing.kind === 'forward' && standing.until <= now ? { kind: 'free' } : standing
    },
    topic(name) {
      const key = nameKey(name)
      return remembered(topics, key, () => readTopic.get(key))
    },
    forget() {
      standings.clear()
      agents.clear()
      topics.clear()
    },
  }
}

function remembered<K, V>(known: Map<K, V>, key: K, read: () => V): V {
  if (known.has(key)) return known.get(key) as V
  const value = read()
  if (known.size >= namesKept) known.clear()
  known.set(key, value)
  return value
}

export function toAgent(row: AgentRow): Agent {
  const { id, name, mailbox, keyHash, createdAt, lastSeenAt, renamedAt } = row
  const autoCheck = { enabled: row.autoCheckEnabled === 1, minutes: row.autoCheckMinutes }
  return { id, name, mailbox, keyHash, createdAt, lastSeenAt, renamedAt: renamedAt ?? undefined, autoCheck }
}

/** What the port shows of an agent. */
export function toRecord({ id, name, createdAt, lastSeenAt, renamedAt, autoCheck }: Agent): AgentRecord {
  return { id, name, createdAt, lastSeenAt, renamedAt, autoCheck }
}
