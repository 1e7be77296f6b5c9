import { everyone, nameKey, type AgentName } from '../../../protocol/index.ts'
import type { AgentId, ClaimOutcome } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { toRecord, type Standing } from './directory.ts'
import type { Adopt } from './adopt-mailbox.ts'
import type { Store } from './store.ts'
import type { Enter } from './topics.ts'

/** Takes a free name, with all that waits for it, or comes back to an agent with its key. */
export function prepareClaim(store: Store, enter: Enter, adopt: Adopt): Operations['claim'] {
  const { db, directory } = store
  const addMailbox = db.prepare(`INSERT INTO addresses (kind) VALUES ('mailbox')`)
  const addAgent = db.prepare(
    `INSERT INTO agents (name, name_key, key_hash, mailbox, created_at, last_seen_at, auto_check_enabled, auto_check_minutes)
     VALUES (?, ?, ?, ?, ?, ?, 1, 0)`,
  )
  const takeName = db.prepare('INSERT OR REPLACE INTO names (name_key, name, agent) VALUES (?, ?, ?)')
  const touch = db.prepare('UPDATE agents SET last_seen_at = max(last_seen_at, ?) WHERE id = ?')

  function create(name: AgentName, keyHash: string, mailbox: number, now: number, lastSeenAt: number): AgentId {
    const key = nameKey(name)
    const agent = Number(addAgent.run(name, key, keyHash, mailbox, now, lastSeenAt).lastInsertRowid) as AgentId
    takeName.run(key, name, agent)
    directory.forget()
    return agent
  }

  function outcome(id: AgentId, created: boolean): ClaimOutcome {
    const agent = directory.agent(id)
    if (!agent) throw new Error(`agent ${id} is not there`)
    return { kind: 'claimed', agent: toRecord(agent), created }
  }

  function comeBack(
    standing: Extract<Standing, { kind: 'own' | 'forward' }>,
    keyHash: string,
    lastSeenAt: number,
  ): ClaimOutcome {
    const { agent } = standing
    if (agent.keyHash !== keyHash) {
      return standing.kind === 'own'
        ? { kind: 'taken', forwardsTo: undefined, until: undefined }
        : { kind: 'taken', forwardsTo: agent.name, until: standing.until }
    }
    touch.run(lastSeenAt, agent.id)
    directory.forget()
    return outcome(agent.id, false)
  }

  return function claim({ name, keyHash, now, extendTo, lastSeenAt = now }) {
    const standing = directory.standing(name, now)
    if (standing.kind === 'own' || standing.kind === 'forward') return comeBack(standing, keyHash, lastSeenAt)
    const mailbox = standing.kind === 'unclaimed' ? standing.mailbox : Number(addMailbox.run().lastInsertRowid)
    const agent = create(name, keyHash, mailbox, now, lastSeenAt)
    adopt({ agent, mailbox, now, extendTo })
    enter(agent, everyone)
    return outcome(agent, true)
  }
}
