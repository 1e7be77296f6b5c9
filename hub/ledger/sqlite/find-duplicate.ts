import { nameKey, type AgentName, type TopicName } from '../../../protocol/index.ts'
import type { AgentId, AppendOutcome, Draft, Target } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { bound } from './bound.ts'
import { messageColumns, toMessage, withBlob, type MessageRow } from './message-row.ts'
import { ranks } from './ranks.ts'
import type { Store } from './store.ts'

/** The message that this sender stored before under the draft's client id [D-4]. */
export type FindDuplicate = (
  draft: Pick<Draft, 'sender' | 'clientId'>,
) => Extract<AppendOutcome, { kind: 'duplicate' }> | undefined

interface Row extends MessageRow {
  readonly audience: number
  readonly addressKind: 'mailbox' | 'topic'
  readonly owner: AgentId | null
}

export function prepareFindDuplicate(store: Store): FindDuplicate {
  const { db, directory, epochs } = store
  const find = db.prepare<[number, string], Row>(
    `SELECT ${messageColumns}, m.audience, a.kind AS addressKind, a.owner
     FROM messages m JOIN addresses a ON a.id = m.address ${withBlob}
     WHERE m.sender = ${bound} AND m.client_id = ${bound}`,
  )
  const bounced = db
    .prepare<[number], AgentId>(`SELECT reader FROM receipts WHERE seq = ? AND rank = ${ranks.bounced}`)
    .pluck()

  function targetOf({ seq, toName, audience, addressKind, owner }: Row): Target {
    if (addressKind === 'topic') {
      return { kind: 'topic', topic: toName as string as TopicName, recipients: audience, bounced: bounced.all(seq) }
    }
    const written = toName as string as AgentName
    const agent = owner === null ? undefined : directory.agent(owner)
    if (!agent) return { kind: 'unclaimed', name: written }
    const { id, name, lastSeenAt } = agent
    const forwardedFrom = nameKey(name) === nameKey(written) ? undefined : written
    return { kind: 'agent', agent: id, name, lastSeenAt, forwardedFrom }
  }

  return function findDuplicate({ sender, clientId }) {
    const row = find.get(sender, clientId)
    return row && { kind: 'duplicate', message: toMessage(row, epochs), sender: row.sender, target: targetOf(row) }
  }
}

export function prepareAccepted(store: Store): Operations['accepted'] {
  const findDuplicate = prepareFindDuplicate(store)
  return function accepted(query) {
    const found = findDuplicate(query)
    return found && { message: found.message, sender: found.sender, target: found.target }
  }
}
