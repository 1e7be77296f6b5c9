import { nameKey } from '../../protocol/index.ts'
import { systemClock } from '../client/clock.ts'
import { ClientError } from '../client/index.ts'
import { actions } from './actions/index.ts'
import { register } from './actions/register.ts'
import { bridgeLimits } from './limits.ts'
import { errorFacts } from './log.ts'
import { refused, refusedByHub, type Outcome } from './outcome.ts'
import { readRequest, type ActionName, type OldRequest } from './request.ts'
import type { Action, Services } from './services.ts'

/** Answers one request, whatever it holds, before an old client gives up. Never rejects. */
export async function answerRequest(services: Services, value: unknown): Promise<Outcome> {
  const late = Promise.withResolvers<'late'>()
  const cancel = systemClock.after(bridgeLimits.answerMs, () => late.resolve('late'))
  const answering = answerWhenDone(services, value)
  const outcome = await Promise.race([answering, late.promise])
  cancel()
  if (outcome !== 'late') return outcome
  void settleLate(services, answering)
  return refused(
    'The hub has not answered in time; the request may have been carried out. Look first (check, list), then send it again if it is still wanted.',
  )
}

async function settleLate({ log }: Services, answering: Promise<Outcome>): Promise<void> {
  try {
    const { settle } = await answering
    await settle?.('lost')
  } catch (error) {
    log.error(errorFacts(error), 'a late answer to an old client could not be settled')
  }
}

async function answerWhenDone(services: Services, value: unknown): Promise<Outcome> {
  const reading = readRequest(value)
  if (reading.kind === 'unfit') return refused(reading.why)
  const { request } = reading
  try {
    const outcome = request.action === 'register' ? await register(services, request) : await act(services, request)
    services.log.debug({ action: request.action, status: outcome.answer.status }, 'answered an old client')
    return outcome
  } catch (error) {
    if (error instanceof ClientError) return refusedByHub(error)
    services.log.error({ action: request.action, ...errorFacts(error) }, 'a request of an old client failed')
    return refused(
      'The bridge failed while it handled this request. Try again; if it goes on, look at the log of the hub.',
    )
  }
}

type Acted = Exclude<OldRequest<ActionName>, { action: 'register' }>

async function act(services: Services, request: Acted): Promise<Outcome> {
  const { sessions, rates, presences } = services
  const session = sessions.find(request.session_token)
  // In the words that old clients know; they register when they read them.
  if (!session) return refused('Invalid or missing session token')
  const excess = await rates.request(session.name)
  if (excess !== undefined) return refused(excess)
  const claimed = claimedName(request)
  if (claimed !== undefined && nameKey(claimed) !== nameKey(session.name)) {
    return refused(
      `This session belongs to ${session.name}, and the request speaks for another name. Use ${session.name}, or register the other one.`,
    )
  }
  sessions.use(session)
  const presence = await presences.obtain(session.name)
  const action = actions[request.action] as Action<Acted['action']>
  return action(services, { session, presence }, request)
}

function claimedName(request: Acted): string | undefined {
  switch (request.action) {
    case 'send':
    case 'broadcast':
      return request.from_id ?? undefined
    case 'check':
      return request.instance_id ?? undefined
    case 'rename':
      return request.old_id ?? undefined
    case 'list':
      return undefined
  }
}
