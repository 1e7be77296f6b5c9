import { nameKey, type AgentName } from '../../../protocol/index.ts'
import type { AgentId } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import type { Adopt } from './adopt-mailbox.ts'
import type { Store } from './store.ts'

/**
 * Changes what an agent is called. Its mailbox stays where it is: the old name becomes a forward to the
 * agent, so forwards of forwards need no following, and no mail moves.
 */
export function prepareRename({ db, directory }: Store, adopt: Adopt): Operations['rename'] {
  const takeName = db.prepare('INSERT OR REPLACE INTO names (name_key, name, agent) VALUES (?, ?, ?)')
  const forwardName = db.prepare('UPDATE names SET until = ? WHERE name_key = ?')
  const renameAgent = db.prepare('UPDATE agents SET name = ?, name_key = ?, renamed_at = ? WHERE id = ?')

  function take(agent: AgentId, previous: AgentName, to: AgentName, now: number, forwardUntil: number): void {
    if (nameKey(previous) !== nameKey(to)) forwardName.run(forwardUntil, nameKey(previous))
    takeName.run(nameKey(to), to, agent)
    renameAgent.run(to, nameKey(to), now, agent)
    directory.forget()
  }

  return function rename({ agent: id, to, now, forwardUntil, notAfter, extendTo }) {
    const agent = directory.agent(id)
    if (!agent) return { kind: 'gone' }
    const { name: previous, renamedAt } = agent
    if (renamedAt !== undefined && renamedAt > notAfter) return { kind: 'too_soon', renamedAt }
    const standing = directory.standing(to, now)
    switch (standing.kind) {
      case 'own':
      case 'forward':
        if (standing.agent.id !== id) return { kind: 'taken' }
        break
      case 'unclaimed':
        adopt({ agent: id, mailbox: standing.mailbox, now, extendTo })
        break
      case 'free':
        break
    }
    take(id, previous, to, now, forwardUntil)
    return { kind: 'renamed', previous, name: to }
  }
}
