import { everyone, nameKey, reservedNames } from '../../protocol/index.ts'
import { noticeDraft } from '../delivery/notice.ts'
import { isoTime } from '../iso-time.ts'
import { failed, ok, type Handler, type Member } from './method.ts'

/** The agent keeps its mail and its receipts; the old name forwards, durably, for a while. */
export const rename: Handler<'rename', Member> = async (services, { session }, { name }) => {
  const { ledger, clock, settings, delivery, log } = services
  if (reservedNames.includes(nameKey(name))) return failed('name_reserved')
  if (nameKey(name) === nameKey(session.name)) {
    return failed('invalid_params', {
      message: `This agent is called "${session.name}" already.`,
      next: 'There is nothing to do, unless another name was meant.',
    })
  }
  const now = clock.now()
  const forwardUntil = now + settings.forwardFor
  const outcome = await ledger.rename({
    agent: session.agent,
    to: name,
    now,
    forwardUntil,
    notAfter: now - settings.renameEvery,
    extendTo: now + settings.ttl,
  })
  switch (outcome.kind) {
    case 'gone':
      return failed('not_registered')
    case 'taken':
      return failed('name_taken', { message: `The name "${name}" belongs to somebody else.` })
    case 'too_soon': {
      const retryAfterMs = Math.max(1, outcome.renamedAt + settings.renameEvery - now)
      const minutes = Math.ceil(retryAfterMs / 60_000)
      return failed('rename_too_soon', {
        message: `This agent was renamed at ${isoTime(outcome.renamedAt)}; the next rename is possible in ${minutes} min.`,
        next: 'Keep the present name until then.',
        retryAfterMs,
      })
    }
    case 'renamed': {
      const { previous } = outcome
      session.name = outcome.name
      services.suggestions.forget()
      const forwardsUntil = isoTime(forwardUntil)
      delivery.renamed(session, previous, forwardsUntil)
      // Mail may have waited under the new name, older than what was pushed already.
      delivery.restart(session)
      await ledger.append(
        noticeDraft({
          recipient: { kind: 'topic', topic: everyone },
          id: `renamed-${session.agent}-${now}`,
          content: `${previous} is now called ${outcome.name}. Mail to ${previous} is forwarded until ${forwardsUntil}.`,
          data: { event: 'renamed', previous, name: outcome.name, forwardsUntil },
          priority: 'low',
          now,
          ttl: settings.unclaimedTtl,
          knownTo: session.agent,
        }),
      )
      log.info({ agent: session.agent }, 'renamed')
      return ok({ name: outcome.name, previous, forwardsUntil })
    }
  }
}

/** The name is free from here on; its unread mail bounces, and its senders are told by the next sweep. */
export const release: Handler<'release', Member> = async ({ ledger, clock, suggestions }, { session }) => {
  const bounced = await ledger.release({ agent: session.agent, now: clock.now() })
  suggestions.forget()
  return { kind: 'detached', session, result: { name: session.name, bounced } }
}
