import { and, asc, eq, isNull, sql } from './drizzle.ts'
import { everyone, nameKey, type TopicName } from '../../../protocol/index.ts'
import type { AgentId } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import { addresses, memberships } from './schema.ts'
import type { Store } from './store.ts'

/** Begins a membership at the head of the log. */
export type Enter = (agent: AgentId, topic: TopicName) => void

export function prepareEnter({ db, counters, directory, head, spans }: Store): Enter {
  const addTopic = db.prepare(`INSERT INTO addresses (kind, topic, topic_key) VALUES ('topic', ?, ?)`)
  const countIn = db.prepare('UPDATE addresses SET members = members + 1 WHERE id = ?')

  function addressOf(name: TopicName): number {
    const known = directory.topic(name)
    if (known) return known.address
    const address = Number(addTopic.run(name, nameKey(name)).lastInsertRowid)
    directory.forget()
    return address
  }

  return function enter(agent, name) {
    const address = addressOf(name)
    spans.begin(agent, address, head(), counters.get(address))
    countIn.run(address)
  }
}

export function prepareJoin(store: Store, enter: Enter): Operations['join'] {
  const { directory, spans } = store
  const membersOf = prepareMembersOf(store)
  const joined = prepareTopics(store)

  return function join({ agent, topic, max }) {
    if (!directory.agent(agent)) return { kind: 'gone' }
    const known = directory.topic(topic)
    if (known && spans.open(agent, known.address)) return { kind: 'already', members: membersOf(topic) }
    // Everyone belongs to #all, so it takes nobody's place.
    const taken = joined(agent).filter((name) => name !== everyone).length
    if (taken >= max && nameKey(topic) !== everyone) return { kind: 'too_many' }
    enter(agent, topic)
    return { kind: 'joined', members: membersOf(topic) }
  }
}

function prepareMembersOf({ orm }: Store): (topic: TopicName) => number {
  const read = orm
    .select({ members: addresses.members })
    .from(addresses)
    .where(eq(addresses.topicKey, sql.placeholder('key')))
    .prepare()
  return (topic) => read.get({ key: nameKey(topic) })?.members ?? 0
}

/** Ends a membership at the head of the log; what came before stays readable. */
export type Exit = (agent: AgentId, address: number) => boolean

export function prepareExit({ db, counters, head, spans }: Store): Exit {
  const anyIn = db.prepare<[number, number], 1>('SELECT 1 FROM messages WHERE address = ? AND seq > ? LIMIT 1').pluck()
  const forget = db.prepare('DELETE FROM memberships WHERE agent = ? AND address = ? AND since = ?')
  const end = db.prepare('UPDATE memberships SET until = ?, top = ? WHERE agent = ? AND address = ? AND since = ?')
  const countOut = db.prepare('UPDATE addresses SET members = members - 1 WHERE id = ?')

  return function exit(agent, address) {
    const span = spans.open(agent, address)
    if (!span) return false
    // One that saw nothing leaves no row, so joining and leaving in turn does not pile them up.
    if (anyIn.get(address, span.since)) end.run(head(), counters.get(address), agent, address, span.since)
    else forget.run(agent, address, span.since)
    countOut.run(address)
    return true
  }
}

export function prepareLeave({ directory }: Store, exit: Exit): Operations['leave'] {
  return function leave({ agent, topic }) {
    const known = directory.topic(topic)
    return known !== undefined && exit(agent, known.address)
  }
}

export function prepareTopics({ orm }: Store): Operations['topics'] {
  const read = orm
    .select({ topic: addresses.topic })
    .from(memberships)
    .innerJoin(addresses, eq(addresses.id, memberships.address))
    .where(and(eq(memberships.agent, sql.placeholder('agent')), isNull(memberships.until), eq(addresses.kind, 'topic')))
    .orderBy(asc(addresses.topicKey))
    .prepare()
  return (agent) => read.all({ agent }).flatMap(({ topic }) => (topic === null ? [] : [topic]))
}
