import { expect } from 'vitest'
import type { Message } from '../../../protocol/index.ts'
import type { Agent, Mail, Model } from './model.ts'
import type { Place } from './programs.ts'

/** The route of every acknowledgement. */
export const route = 'fetch' as const

export const iso = (ms: number): string => new Date(ms).toISOString()
export const lower = (text: string): string => text.toLowerCase()

/** Topics of an agent, as they are compared. */
export function topicsOf(agent: Agent): string[] {
  return ['#all', ...agent.topics.keys()].toSorted()
}

/** What a sender is told of how its message will be seen [D-7]. */
export function outlookOf(mail: Mail, model: Model, online: ReadonlyMap<Agent, Place>): object {
  if (!mail.mailbox) {
    const members = model.members(mail.to).filter((agent) => agent !== mail.sender && online.has(agent))
    const bounced = [...mail.copies.values()].filter(({ state }) => state === 'bounced')
    return {
      kind: 'topic',
      name: mail.to,
      recipients: mail.copies.size,
      online: members.length,
      bounced: bounced.length,
    }
  }
  const { owner } = mail.mailbox
  const waitsUntil = iso(mail.expiresAt)
  if (!owner || owner.released) {
    return { kind: 'unregistered', name: mail.to, waitsUntil, didYouMean: expect.any(Array) }
  }
  const forwarded = lower(owner.name) === lower(mail.to) ? {} : { forwardedFrom: mail.to }
  return online.has(owner)
    ? { kind: 'online', name: owner.name, routes: [], autoCheck: owner.autoCheck, ...forwarded }
    : { kind: 'away', name: owner.name, since: iso(owner.lastSeenAt), waitsUntil, ...forwarded }
}

/** What became of a message, as its sender is told [D-6]. */
export function receiptOf(mail: Mail): object {
  const steps = (copy: { steps: { state: string; at: number; route?: string }[] }): object[] =>
    copy.steps.map((step) => ({ ...step, at: iso(step.at) }))
  const moved = [...mail.copies]
    .filter(([, copy]) => copy.steps.length > 1)
    .toSorted(([a], [b]) => a.number - b.number)
    .map(([agent, copy]) => ({ name: agent.name, state: copy.state, steps: steps(copy) }))
  const { copy } = mail
  return {
    id: mail.id,
    to: mail.to,
    sentAt: iso(mail.sentAt),
    excerpt: mail.content,
    recipients: copy ? [{ name: mail.mailbox?.owner?.name ?? mail.to, state: copy.state, steps: steps(copy) }] : moved,
    queued: copy ? 0 : mail.copies.size - moved.length,
  }
}

/** A message as its reader gets it, in the form of `facts`. */
export function shownTo(agent: Agent, mail: Mail, model: Model): object {
  const { offered } = model.copyOf(agent, mail)!
  return {
    id: mail.id,
    seq: mail.seq,
    kind: mail.kind,
    from: mail.from,
    to: mail.to,
    sentAt: iso(mail.sentAt),
    expiresAt: iso(mail.expiresAt),
    content: mail.kind === 'notice' ? '' : mail.content,
    event: mail.event?.event,
    replyTo: mail.replyTo,
    offered: offered === undefined ? undefined : { route, at: iso(offered) },
  }
}

/** Of a message that came, what the model knows: not the words of a notice. */
export function facts(message: Message): object {
  const { id, seq, kind, from, to, sentAt, expiresAt, content, data, replyTo, offered } = message
  const text = kind === 'notice' ? '' : content
  return { id, seq, kind, from, to, sentAt, expiresAt, content: text, event: data?.['event'], replyTo, offered }
}
