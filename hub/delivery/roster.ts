import { nameKey, type TopicName } from '../../protocol/index.ts'
import type { AgentId } from '../ledger/ledger.ts'
import type { Session } from './session.ts'

/** Who is online, by agent and by topic. */
export class Roster {
  readonly #byAgent = new Map<AgentId, Session>()
  readonly #byTopic = new Map<string, Set<Session>>()

  get size(): number {
    return this.#byAgent.size
  }

  enter(session: Session): void {
    this.#byAgent.set(session.agent, session)
    for (const topic of session.topics) this.#topic(topic).add(session)
  }

  /** Answers whether this session was the agent's present one. */
  leave(session: Session): boolean {
    for (const topic of session.topics) this.#leaveTopic(session, topic)
    return this.#byAgent.get(session.agent) === session && this.#byAgent.delete(session.agent)
  }

  /** Does nothing for a session that has ended while it was joining: nobody would take it out again. */
  join(session: Session, topic: TopicName): void {
    if (this.#byAgent.get(session.agent) !== session) return
    const sessions = this.#topic(topic)
    // It may have joined under another spelling.
    if (sessions.has(session)) return
    session.topics.add(topic)
    sessions.add(session)
  }

  part(session: Session, topic: TopicName): void {
    for (const own of session.topics) {
      if (nameKey(own) === nameKey(topic)) session.topics.delete(own)
    }
    this.#leaveTopic(session, topic)
  }

  of(agent: AgentId): Session | undefined {
    return this.#byAgent.get(agent)
  }

  inTopic(topic: TopicName): Iterable<Session> {
    return this.#byTopic.get(nameKey(topic)) ?? []
  }

  all(): Iterable<Session> {
    return this.#byAgent.values()
  }

  #topic(topic: TopicName): Set<Session> {
    const key = nameKey(topic)
    let sessions = this.#byTopic.get(key)
    if (!sessions) this.#byTopic.set(key, (sessions = new Set()))
    return sessions
  }

  #leaveTopic(session: Session, topic: TopicName): void {
    const sessions = this.#byTopic.get(nameKey(topic))
    sessions?.delete(session)
    if (sessions?.size === 0) this.#byTopic.delete(nameKey(topic))
  }
}
