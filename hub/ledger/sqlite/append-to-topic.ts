import type { Address, TopicName } from '../../../protocol/index.ts'
import { hubAgent, type AgentId, type Draft } from '../ledger.ts'
import type { StoredOutcome } from '../operations.ts'
import type { FindDuplicate } from './find-duplicate.ts'
import type { InsertMessage } from './insert-message.ts'
import type { Store } from './store.ts'

/**
 * One row, whatever the number of members: they read the topic's log [D-8]. Only members whose share is
 * full cost a row each, because for them it has bounced.
 */
export function prepareAppendToTopic(
  store: Store,
  insert: InsertMessage,
  findDuplicate: FindDuplicate,
): (draft: Draft, topic: TopicName) => StoredOutcome {
  const { db, counters, cursors, directory, marks, spans } = store
  const countMembers = db.prepare<[number], number>('SELECT members FROM addresses WHERE id = ?').pluck()
  const overflowing = db.prepare<[number, number, number], { agent: AgentId; since: number }>(
    'SELECT agent, since FROM memberships WHERE address = ? AND until IS NULL AND done <= ? AND agent <> ?',
  )

  function bounceWhereFull(draft: Draft, address: number, seq: number, before: number): AgentId[] {
    if (draft.sender === hubAgent) return []
    return overflowing.all(address, before - draft.depth, draft.sender).map(({ agent, since }) => {
      marks.end('bounced', seq, agent, draft.sentAt, draft.sender)
      spans.addDone({ agent, address, since })
      return agent
    })
  }

  function passBy(draft: Draft, address: number, seq: number): AgentId[] {
    const span = draft.knownTo === undefined ? undefined : spans.open(draft.knownTo, address)
    if (!span || !marks.show(seq, span.agent, draft.sentAt, undefined)) return []
    spans.addDone(span)
    cursors.touch(span.agent, address, span.since)
    return [span.agent]
  }

  return function appendToTopic(draft, name) {
    const topic = directory.topic(name)
    if (!topic) return findDuplicate(draft) ?? { kind: 'nobody' }
    const { address } = topic
    const own = spans.open(draft.sender, address)
    const members = countMembers.get(address) ?? 0
    const recipients = members - (own ? 1 : 0)
    if (recipients === 0) return findDuplicate(draft) ?? { kind: 'nobody' }
    const to = name as string as Address
    const seq = insert(draft, address, to, draft.expiresAt, recipients)
    if (seq === undefined) return findDuplicate(draft)!
    const before = counters.get(address)
    counters.post(address, members)
    if (own) {
      spans.addDone(own)
      cursors.touch(own.agent, address, own.since)
    }
    return {
      kind: 'stored',
      seq,
      to,
      expiresAt: draft.expiresAt,
      target: {
        kind: 'topic',
        topic: name,
        recipients,
        bounced: [...bounceWhereFull(draft, address, seq, before), ...passBy(draft, address, seq)],
      },
    }
  }
}
