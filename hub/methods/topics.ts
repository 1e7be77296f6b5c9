import { everyone, limits, nameKey } from '../../protocol/index.ts'
import { failed, ok, type Handler, type Member } from './method.ts'

export const join: Handler<'join', Member> = async ({ ledger, roster }, { session }, { topic }) => {
  if (nameKey(topic) === everyone) return failed('topic_fixed')
  const outcome = await ledger.join({ agent: session.agent, topic, max: limits.topicsPerAgent })
  switch (outcome.kind) {
    case 'gone':
      return failed('not_registered')
    case 'too_many':
      return failed('too_many_topics', { message: `An agent may join ${limits.topicsPerAgent} topics at most.` })
    case 'joined':
    case 'already':
      roster.join(session, topic)
      return ok({ topic, members: outcome.members, joined: outcome.kind === 'joined' })
  }
}

export const leave: Handler<'leave', Member> = async ({ ledger, roster }, { session }, { topic }) => {
  if (nameKey(topic) === everyone) return failed('topic_fixed')
  const left = await ledger.leave({ agent: session.agent, topic })
  roster.part(session, topic)
  return ok({ topic, left })
}
