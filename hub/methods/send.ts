import {
  errors,
  everyone,
  hubName,
  isTopic,
  limits,
  nameKey,
  reservedNames,
  type AgentName,
  type Blob,
  type Failure,
  type MessageId,
  type Outlook,
  type Params,
  type TopicName,
} from '../../protocol/index.ts'
import { errorFacts } from '../log.ts'
import type { Appended, Recipient } from '../ledger/ledger.ts'
import { summarize } from '../rules/summary.ts'
import { isoTime } from '../iso-time.ts'
import { failed, ok, type Handler, type Member, type Outcome, type Services } from './method.ts'

/** Store, then push, then answer [D-1]. The sender is who the session says [S-4]. */
export const send: Handler<'send', Member> = async (services, caller, params) => {
  const { session, turnstile } = caller
  const takenAt = performance.now()
  const sender = { agent: session.agent, name: session.name }
  const prepared = await turnstile.pass(prepare(services, sender.agent, params))
  if ('failure' in prepared) return { kind: 'failed', failure: prepared.failure }
  if ('accepted' in prepared) return answer(services, prepared.accepted, true)

  const { ledger, settings, clock, meter } = services
  const sentAt = clock.now()
  const ttl = params.ttlSeconds === undefined ? undefined : params.ttlSeconds * 1000
  const outcome = await ledger.append({
    recipient: recipientOf(params.to),
    sender: sender.agent,
    senderName: sender.name,
    clientId: params.clientId,
    kind: 'message',
    content: prepared.content,
    data: params.data,
    replyTo: params.replyTo,
    thread: params.thread,
    priority: params.priority,
    blob: prepared.blob,
    sentAt,
    expiresAt: sentAt + (ttl ?? settings.ttl),
    expiresAtUnclaimed: sentAt + (ttl ?? settings.unclaimedTtl),
    depth: settings.mailboxDepth,
  })
  switch (outcome.kind) {
    case 'nobody':
      return failed('no_recipients', nobodyHears(params.to))
    case 'full':
      return failed('mailbox_full', {
        message: `The mailbox of "${outcome.name}" is full (${outcome.waiting} unread messages). Nothing was stored.`,
        details: { name: outcome.name, waiting: outcome.waiting },
      })
    case 'duplicate':
    case 'stored': {
      if (outcome.kind === 'stored') meter.stored(performance.now() - takenAt)
      // Of what was stored: a repeated request may name another message, and changes nothing [D-4].
      const { replyTo } = outcome.message
      if (replyTo !== undefined) await markAnswered(services, caller, replyTo, sentAt)
      return answer(services, outcome, outcome.kind === 'duplicate')
    }
  }
}

type Prepared =
  | { readonly failure: Failure }
  | { readonly accepted: Appended }
  | { readonly content: string; readonly blob: Blob | undefined }

/** Everything that has to be looked up or written before the message can be appended. */
async function prepare(
  services: Services,
  agent: Member['session']['agent'],
  params: Params<'send'>,
): Promise<Prepared> {
  const { ledger, rates, blobs, clock, incidents } = services
  const { to, data, replyTo } = params
  // What is no text would be pushed as it came, and be another one on disk.
  const content = params.content.toWellFormed()
  if (reservedNames.includes(nameKey(to))) return { failure: reserved(to) }
  if (content === '' && params.blob === undefined && data === undefined) {
    return { failure: { reason: 'invalid_params', message: 'The message is empty: give content, data or a blob.' } }
  }
  if (data !== undefined && Buffer.byteLength(JSON.stringify(data)) > limits.dataBytes) {
    return { failure: { reason: 'too_large', message: `"data" takes more than ${limits.dataBytes} bytes of JSON.` } }
  }
  const limited = await rates.send(agent)
  if (limited) {
    // What was accepted before its answer got lost is not refused when it is asked for again.
    const accepted = await ledger.accepted({ sender: agent, clientId: params.clientId })
    if (accepted) return { accepted }
    incidents.report('refused for its rate', { agent, of: 'send' })
    return { failure: limited }
  }
  if (replyTo !== undefined && !(await ledger.find({ agent, id: replyTo }))) {
    return { failure: { reason: 'message_unknown', message: `There is no message "${replyTo}" among yours.` } }
  }
  if (params.blob !== undefined) {
    const blob = await ledger.blob({ agent, handle: params.blob })
    if (!blob) return { failure: { reason: 'blob_unknown' } }
    if (blob.fileName !== undefined || content !== '') return { content, blob }
    return { content: summarize(await blobs.beginning(blob.handle)), blob }
  }
  if (Buffer.byteLength(content) <= limits.inlineBytes) return { content, blob: undefined }
  const accepted = await ledger.accepted({ sender: agent, clientId: params.clientId })
  if (accepted) return { accepted }
  const blob = await blobs.storeText(content)
  await ledger.addBlob({ ...blob, owner: agent, at: clock.now() })
  return { content: summarize(content), blob }
}

/** The reply is on disk already: whatever goes wrong from here on must not be told as a refusal. */
async function markAnswered(services: Services, { session }: Member, id: MessageId, at: number): Promise<void> {
  const { ledger, delivery, log } = services
  try {
    const { moved } = await ledger.settle({ agent: session.agent, ids: [id], state: 'answered', route: undefined, at })
    delivery.settled(session, moved, 'answered', undefined, isoTime(at))
  } catch (error) {
    log.warn(errorFacts(error), 'cannot mark a message as answered')
  }
}

async function answer(services: Services, appended: Appended, duplicate: boolean): Promise<Outcome<'send'>> {
  if (duplicate) services.meter.repeated()
  const { id, seq, sentAt } = appended.message
  return ok({ id, seq, sentAt, duplicate, outlook: await outlookOf(services, appended) })
}

/** How and when it will be seen [D-7]. */
async function outlookOf({ roster, suggestions }: Services, { target, message, sender }: Appended): Promise<Outlook> {
  switch (target.kind) {
    case 'agent': {
      const { name, forwardedFrom } = target
      const forwarded = forwardedFrom === undefined ? {} : { forwardedFrom }
      const present = roster.of(target.agent)
      if (present) {
        return { kind: 'online', name, routes: [...present.routes], autoCheck: present.autoCheck, ...forwarded }
      }
      return { kind: 'away', name, since: isoTime(target.lastSeenAt), waitsUntil: message.expiresAt, ...forwarded }
    }
    case 'unclaimed': {
      const didYouMean = await suggestions.for(target.name)
      return { kind: 'unregistered', name: target.name, waitsUntil: message.expiresAt, didYouMean }
    }
    case 'topic': {
      const { topic: name, recipients, bounced } = target
      let online = 0
      for (const { agent } of roster.inTopic(name)) if (agent !== sender) online += 1
      return { kind: 'topic', name, recipients, online, bounced: bounced.length }
    }
  }
}

function recipientOf(to: Params<'send'>['to']): Recipient {
  return isTopic(to)
    ? { kind: 'topic', topic: to as string as TopicName }
    : { kind: 'name', name: to as string as AgentName }
}

function reserved(to: string): Failure {
  const next =
    nameKey(to) === hubName || nameKey(to) === 'hub'
      ? 'The hub reads no mail. Look up who is registered, and send to one of them.'
      : `To reach everyone, send to ${everyone} (broadcast).`
  return { reason: 'name_reserved', message: `"${to}" is no agent: the name is reserved.`, next }
}

function nobodyHears(to: string): Omit<Failure, 'reason'> {
  if (nameKey(to) === everyone) return { message: 'Nobody but you is registered. Nothing was stored.' }
  return {
    message: `Nobody but you has joined ${to}. Nothing was stored.`,
    next: `${errors.no_recipients.next} Others join with join {"topic": "${to}"}.`,
  }
}
