// The property in `run.ts` is what the expectations of this file stand in.
/* oxlint-disable vitest/no-standalone-expect */
import { expect } from 'vitest'
import type { Message } from '../../../protocol/index.ts'
import type { WirePeer } from '../../support/wire.ts'
import { facts, iso, lower, shownTo, topicsOf } from './expected.ts'
import type { Agent, Mail, Model } from './model.ts'
import type { Place, Program } from './programs.ts'

/** Rounds of questions within which all that is due must have been pushed. */
const roundsUntilPushed = 20

/** Compares all that a program with a name sees: its unread mail, what it was pushed, its status, and what it is told. */
export async function compareView({ peer, due }: Program, place: Place, model: Model): Promise<void> {
  const { agent } = place
  await comparePushes(peer, place, model)
  const { agent: status } = await peer.request('status', {})
  expect({ ...status, topics: status?.topics.map(lower).toSorted() }).toEqual({
    name: agent.name,
    waiting: model.unread(agent).length,
    topics: topicsOf(agent),
    autoCheck: agent.autoCheck,
    sessionExpiresAt: iso(place.session.expiresAt),
  })
  const others = peer.frames
    .splice(0)
    .map((frame) => (frame.kind === 'notification' ? { method: frame.method, ...frame.params } : frame))
  expect(others, `what ${agent.name} is told`).toEqual(due.splice(0))
}

/** All that is due is pushed, and no more than the window lets through. */
async function comparePushes(peer: WirePeer, place: Place, model: Model): Promise<void> {
  const { agent } = place
  for (let round = 1; ; round += 1) {
    const { messages } = await peer.request('fetch', { limit: 200 })
    const unread = model.unread(agent)
    for (const [index, mail] of unread.entries()) learn(mail, messages[index])
    expect(messages.map(facts), `unread of ${agent.name}`).toEqual(unread.map((mail) => shownTo(agent, mail, model)))
    countHeld(place, unread)
    takePushes(peer, place, model)
    const missing = unread.filter(({ seq }) => seq! > place.cursor)
    const inFlight = [...place.held].filter((mail) => isWaiting(model, agent, mail))
    if (!place.loose) expect(inFlight.length, 'messages in flight').toBeLessThanOrEqual(place.room)
    if (missing.length === 0 || inFlight.length >= place.window) return
    if (round === roundsUntilPushed) {
      throw new Error(`${agent.name} was not pushed ${missing.map(({ id }) => id).join(', ')}`)
    }
  }
}

/** What was pushed: in order, each once until it starts anew, and all of it this agent's mail. */
function takePushes(peer: WirePeer, place: Place, model: Model): void {
  for (const frame of peer.frames.filter((each) => each.kind === 'notification' && each.method === 'message')) {
    peer.frames.splice(peer.frames.indexOf(frame), 1)
    const message = (frame as unknown as { params: Message }).params
    const mail = model.mail.find(({ id }) => id === message.id)
    if (!mail || !model.copyOf(place.agent, mail)) {
      throw new Error(`${place.agent.name} was pushed what is not its mail: ${JSON.stringify(message)}`)
    }
    expect(message.seq, `the order of what ${place.agent.name} was pushed`).toBeGreaterThan(place.cursor)
    expect(message.content === mail.content || mail.kind === 'notice').toBe(true)
    place.cursor = message.seq
    place.held.add(mail)
  }
}

/** A notice has an id once somebody has seen it. */
function learn(mail: Mail, message: Message | undefined): void {
  if (mail.id !== undefined || message?.kind !== 'notice') return
  mail.id = message.id
  mail.seq = message.seq
}

/** What a program held when it came: counted once every message has a seq. */
function countHeld(place: Place, unread: readonly Mail[]): void {
  const { heldUpTo } = place
  if (heldUpTo === undefined) return
  place.held = new Set(unread.filter(({ seq }) => seq! <= heldUpTo))
  place.room = Math.max(place.window, place.held.size)
  place.heldUpTo = undefined
}

function isWaiting(model: Model, agent: Agent, mail: Mail): boolean {
  const state = model.copyOf(agent, mail)?.state
  return state === 'queued' || state === 'offered'
}
