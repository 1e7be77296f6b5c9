import type { Failure, Position, Route } from '../../protocol/index.ts'
import { Flow } from '../delivery/flow.ts'
import type { Session } from '../delivery/session.ts'
import type { AgentRecord } from '../ledger/ledger.ts'
import { isoTime } from '../iso-time.ts'
import type { Caller, Outcome, Services } from './method.ts'

/** A session in the ledger and what the client wants of it. */
export interface Attachment {
  readonly agent: AgentRecord
  readonly token: string
  readonly tokenHash: string
  readonly expiresAt: number
  readonly window: number
  readonly routes: readonly Route[]
  readonly presence: boolean
  readonly created: boolean
  /** What the client holds already, where that is still to be believed. */
  readonly position: Position | undefined
}

/** Makes the caller the one live session of an agent. What `register` and `resume` end in. */
export async function attach(
  services: Services,
  caller: Caller,
  attachment: Attachment,
): Promise<Outcome<'register' | 'resume'>> {
  const { ledger, roster, clock, suggestions } = services
  const { agent, token, tokenHash, expiresAt, created, position } = attachment
  const now = clock.now()
  if (created) suggestions.forget()
  const [topics, head] = await Promise.all([ledger.topics(agent.id), ledger.head()])
  const recovered = position !== undefined && position.epoch === ledger.epoch && position.seq <= head
  const cursor = recovered ? position.seq : 0
  const { waiting, before } = await ledger.countUnread({ agent: agent.id, upTo: cursor, now })
  const rival = roster.of(agent.id)
  if (rival && rival.line !== caller.line) {
    // Two registrations of one name raced; the other one was first.
    await ledger.closeSession(tokenHash)
    return { kind: 'failed', failure: inUse(rival) }
  }
  const session: Session = {
    agent: agent.id,
    line: caller.line,
    flow: new Flow(
      flowSource(services, () => session),
      attachment.window,
    ),
    topics: new Set(topics),
    presence: attachment.presence,
    tokenHash,
    since: now,
    expiresAt,
    name: agent.name,
    routes: attachment.routes,
    autoCheck: agent.autoCheck,
  }
  return {
    kind: 'attached',
    session,
    cursor,
    inFlight: before,
    result: {
      name: agent.name,
      session: { token, expiresAt: isoTime(expiresAt) },
      epoch: ledger.epoch,
      recovered,
      waiting,
      topics,
      autoCheck: agent.autoCheck,
      created,
    },
  }
}

function flowSource(
  { ledger, clock, delivery }: Services,
  session: () => Session,
): ConstructorParameters<typeof Flow>[0] {
  return {
    read: (after, limit) => ledger.unread({ agent: session().agent, after, limit, now: clock.now() }),
    countBefore: async (seq) =>
      (await ledger.countUnread({ agent: session().agent, upTo: seq, now: clock.now() })).before,
    push: (message) => delivery.push(session(), message),
  }
}

/** Since when the other session has been there tells a program that stays from one that comes and goes. */
export function inUse({ since }: Session): Failure {
  return { reason: 'name_in_use', details: { since: isoTime(since) } }
}
