// The property in `run.ts` is what the expectations of this file stand in.
/* oxlint-disable vitest/no-standalone-expect */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { settingsWith, startHub, type Hub } from '../../../hub/index.ts'
import type { Attached, Message } from '../../../protocol/index.ts'
import { ManualClock } from '../../support/hub.ts'
import { greet, refusal, type WirePeer } from '../../support/wire.ts'
import { Model, rules, type Agent, type Mail, type Session } from './model.ts'
import { clients, type Step } from './steps.ts'

const minute = 60_000
/** The route of every acknowledgement. */
const route = 'fetch' as const
/** Rounds of questions within which all that is due must have been pushed. */
const roundsUntilPushed = 20

type Of<K extends Step['kind']> = Extract<Step, { kind: K }>

/** A program on one connection, as the model knows it. */
interface Client {
  readonly peer: WirePeer
  place: Place | undefined
  /** Notifications that are due on it, but messages. */
  readonly due: object[]
}

/** The name that a connection has, and what it was pushed. */
interface Place {
  readonly agent: Agent
  readonly session: Session
  readonly window: number
  readonly presence: boolean
  /** Everything up to here was pushed, or held before. */
  cursor: number
  /** Pushed and held, settled or not. */
  held: Set<Mail>
  /** It acknowledged what it was not pushed: more may be in flight than the window says. */
  loose: boolean
  /** What it may hold: its window, or what it held when it came, where that was more. */
  room: number
  /** Up to where it held everything when it came, until that has been counted. */
  heldUpTo: number | undefined
}

const iso = (ms: number): string => new Date(ms).toISOString()
const lower = (text: string): string => text.toLowerCase()
const keyOf = (key: number): string => createHash('sha256').update(`key ${key}`).digest('base64url')

/** Plays steps on a hub and on the model, and compares all that can be seen. */
export class Player {
  readonly #home: string
  readonly #clock = new ManualClock()
  readonly #model = new Model(this.#clock.now())
  readonly #clients: (Client | undefined)[] = Array.from({ length: clients }, () => undefined)
  /** Tokens ever given out, those of sessions that ended among them. */
  readonly #tokens: string[] = []
  #hub: Hub | undefined
  #auditor: WirePeer | undefined
  #sends = 0

  constructor(home: string) {
    this.#home = home
  }

  async start(): Promise<void> {
    this.#hub = await startHub({
      settings: settingsWith({
        home: this.#home,
        port: 0,
        unixSocket: false,
        sendsPerMinute: 1_000_000,
        registrationsPerMinute: 1_000_000,
        ...rules,
      }),
      clock: this.#clock,
    })
    await this.#sweep()
    this.#auditor = await this.#greet()
  }

  async stop(): Promise<void> {
    for (const client of [...this.#clients, { peer: this.#auditor }]) client?.peer?.socket.terminate()
    await this.#hub?.close()
  }

  async play(step: Step): Promise<void> {
    switch (step.kind) {
      case 'register':
        await this.#register(step)
        break
      case 'disconnect':
        await this.#disconnect(step)
        break
      case 'resume':
        await this.#resume(step)
        break
      case 'send':
        await this.#send(step)
        break
      case 'repeat':
        await this.#repeat(step)
        break
      case 'fetch':
        await this.#fetch(step)
        break
      case 'ack':
        await this.#ack(step)
        break
      case 'receipts':
        await this.#receipts(step)
        break
      case 'rename':
        await this.#rename(step)
        break
      case 'join':
      case 'leave':
        await this.#changeTopic(step)
        break
      case 'release':
        await this.#release(step)
        break
      case 'configure':
        await this.#configure(step)
        break
      case 'list':
        await this.#list(step)
        break
      case 'wait':
        await this.#wait(step)
        break
      case 'restart':
        await this.#restart()
        break
    }
    await this.#compare()
  }

  /** Takes every name with its key, and compares what is there for it and what became of what it sent. */
  async audit(): Promise<void> {
    for (const [who, agent] of this.#model.registered.entries()) {
      const at = who % clients
      const attachment = { takeOver: true, window: 64, presence: false }
      await this.play({ kind: 'register', who: at, key: agent.key, name: agent.name, ...attachment } as Of<'register'>)
      const { peer } = this.#clients[at]!
      const { receipts } = await peer.request('receipts', { limit: 200 })
      const sent = this.#model.mail.filter(({ sender }) => sender === agent).toReversed()
      expect(receipts, `receipts of ${agent.name}`).toEqual(sent.map((mail) => this.#receiptOf(mail)))
      const { messages } = await peer.request('history', { limit: 200 })
      const exchanged = this.#model.mail.filter((mail) => mail.sender === agent || this.#model.copyOf(agent, mail))
      const ids = exchanged.map(({ id }) => id)
      // A notice that nobody has fetched has no id in the model.
      expect(messages.map(({ id }) => (ids.includes(id) ? id : undefined)).toReversed()).toEqual(ids)
    }
  }

  get #online(): Map<Agent, Place> {
    const places = this.#clients.flatMap((client) => (client?.place ? [client.place] : []))
    return new Map(places.map((place) => [place.agent, place]))
  }

  async #greet(): Promise<WirePeer> {
    return greet({ url: this.#hub!.url!, home: { folder: this.#home } })
  }

  async #sweep(): Promise<void> {
    await this.#hub!.sweep()
    this.#model.sweep(new Map([...this.#online].map(([agent, { session }]) => [agent, session])))
  }

  async #client(who: number): Promise<Client> {
    return (this.#clients[who] ??= { peer: await this.#greet(), place: undefined, due: [] })
  }

  /** One of the programs that have a name, if any has. */
  #member(pick: number): { client: Client; peer: WirePeer; place: Place; agent: Agent } | undefined {
    const members = this.#clients.filter((client) => client?.place !== undefined)
    const client = members[pick % Math.max(1, members.length)]
    return client?.place && { client, peer: client.peer, place: client.place, agent: client.place.agent }
  }

  #clientOf(agent: Agent): Client | undefined {
    return this.#clients.find((client) => client?.place?.agent === agent)
  }

  #watchers(but?: Client): Client[] {
    return this.#clients.filter(
      (client) => client !== undefined && client !== but && client.place?.presence === true,
    ) as Client[]
  }

  /** A connection has no name any more. */
  #leave(client: Client): void {
    const { place } = client
    if (!place) return
    client.place = undefined
    place.agent.lastSeenAt = this.#model.now
    for (const { due } of this.#watchers()) due.push({ method: 'presence', name: place.agent.name, online: false })
  }

  #enter(client: Client, place: Place): void {
    this.#leave(client)
    client.place = place
    for (const { due } of this.#watchers(client)) due.push({ method: 'presence', name: place.agent.name, online: true })
  }

  /** The hub has closed this connection for another. */
  async #isTakenOver(agent: Agent, by: Client): Promise<void> {
    const index = this.#clients.findIndex((client) => client !== by && client?.place?.agent === agent)
    const client = this.#clients[index]
    if (!client) return
    expect(await client.peer.closed).toMatchObject({ code: 4505 })
    this.#leave(client)
    this.#clients[index] = undefined
  }

  async #register({ who, key, name, takeOver, window, presence }: Of<'register'>): Promise<void> {
    const client = await this.#client(who)
    const request = client.peer.request('register', { name, key: keyOf(key), takeOver, window, presence })
    const claim = this.#model.claim(name, key)
    if (!claim) return expect(await refusal(request)).toMatchObject({ reason: 'name_taken' })
    const { agent, created } = claim
    const present = this.#online.get(agent)
    if (present && present !== client.place && !takeOver) {
      return expect(await refusal(request)).toMatchObject({ reason: 'name_in_use' })
    }
    const result = await request
    await this.#isTakenOver(agent, client)
    if (present) this.#model.sessions.delete(present.session.token)
    const { now } = this.#model
    const session = { token: result.session.token, agent, openedAt: now, expiresAt: now + rules.session }
    this.#attached(client, session, { window, presence }, result, { created, position: undefined })
  }

  async #resume({ who, pick, position: where, window, presence }: Of<'resume'>): Promise<void> {
    if (this.#tokens.length === 0) return
    const client = await this.#client(who)
    const token = this.#tokens[pick % this.#tokens.length]!
    const known = this.#model.sessions.get(token)
    const found = known && known.expiresAt > this.#model.now ? known : undefined
    const held = Math.max(0, ...this.#model.mail.map(({ seq }) => seq ?? 0))
    const epoch = where === 'elsewhere' ? 'nowhere' : this.#hub!.epoch
    const position = where === 'none' ? undefined : { epoch, seq: where === 'beyond' ? held + 1_000 : held % 7 }
    const request = client.peer.request('resume', { session: token, position, window, presence })
    if (!found) return expect(await refusal(request)).toMatchObject({ reason: 'session_invalid' })
    const { agent, openedAt } = found
    const result = await request
    await this.#isTakenOver(agent, client)
    const { now } = this.#model
    const expiresAt = now + rules.session
    const isFresh = agent.renamedAt === undefined || agent.renamedAt < openedAt
    if (isFresh) found.expiresAt = expiresAt
    else this.#model.sessions.delete(token)
    const session = isFresh
      ? found
      : { token: result.session.token, agent, openedAt: Math.max(now, agent.renamedAt! + 1), expiresAt }
    expect(result.session.token === token).toBe(isFresh)
    const counts = isFresh && where === 'held'
    this.#attached(client, session, { window, presence }, result, {
      created: false,
      position: counts ? position!.seq : undefined,
    })
  }

  #attached(
    client: Client,
    session: Session,
    { window, presence }: { window: number; presence: boolean },
    result: Attached,
    { created, position }: { created: boolean; position: number | undefined },
  ): void {
    const { agent } = session
    this.#model.sessions.set(session.token, session)
    if (!this.#tokens.includes(session.token)) this.#tokens.push(session.token)
    const unread = this.#model.unread(agent)
    expect({ ...result, topics: result.topics.map(lower) }).toEqual({
      name: agent.name,
      session: { token: session.token, expiresAt: iso(session.expiresAt) },
      epoch: this.#hub!.epoch,
      recovered: position !== undefined,
      waiting: unread.length,
      topics: this.#topicsOf(agent),
      autoCheck: agent.autoCheck,
      created,
    })
    const cursor = position ?? 0
    const place = { agent, session, window, presence, cursor, held: new Set<Mail>(), loose: false }
    this.#enter(client, { ...place, room: window, heldUpTo: cursor })
  }

  #topicsOf(agent: Agent): string[] {
    return ['#all', ...agent.topics.keys()].toSorted()
  }

  async #disconnect({ who, orderly }: Of<'disconnect'>): Promise<void> {
    const client = this.#clients[who]
    if (!client) return
    if (orderly) client.peer.socket.close()
    else client.peer.socket.terminate()
    this.#leave(client)
    this.#clients[who] = undefined
    await this.#untilOnline()
  }

  async #untilOnline(): Promise<void> {
    for (;;) {
      const { hub } = await this.#auditor!.request('status', {})
      if (hub.online === this.#online.size) return
    }
  }

  async #send({ who, to, ttlSeconds, replyTo }: Of<'send'>): Promise<void> {
    const member = this.#member(who)
    if (!member) return
    this.#sends += 1
    await this.#sendAs(member, { clientId: `c-${this.#sends}`, to, ttlSeconds, replyTo: this.#mailAt(replyTo) })
  }

  async #repeat({ who, pick, replyTo }: Of<'repeat'>): Promise<void> {
    const member = this.#member(who)
    const sent = this.#model.mail.filter(({ sender }) => sender === member?.agent)
    if (!member || sent.length === 0) return
    const { clientId, to } = sent[pick % sent.length]!
    await this.#sendAs(member, { clientId, to, ttlSeconds: undefined, replyTo: this.#mailAt(replyTo) })
  }

  #mailAt(pick: number | undefined): string | undefined {
    const ids = this.#model.mail.flatMap(({ id }) => (id === undefined ? [] : [id]))
    return pick === undefined || ids.length === 0 ? undefined : ids[pick % ids.length]
  }

  async #sendAs(
    { peer, agent }: { peer: WirePeer; agent: Agent },
    about: { clientId: string; to: string; ttlSeconds: number | undefined; replyTo: string | undefined },
  ): Promise<void> {
    const content = `content of ${about.clientId}`
    const request = peer.request('send', { ...about, content })
    if (['bellhop', 'everyone'].includes(lower(about.to))) {
      return expect(await refusal(request)).toMatchObject({ reason: 'name_reserved' })
    }
    const answered = this.#model.mail.find(({ id }) => id !== undefined && id === about.replyTo)
    if (answered && answered.sender !== agent && !this.#model.copyOf(agent, answered)) {
      return expect(await refusal(request)).toMatchObject({ reason: 'message_unknown' })
    }
    const outcome = this.#model.send(agent, { ...about, content })
    if (outcome.kind === 'full') return expect(await refusal(request)).toMatchObject({ reason: 'mailbox_full' })
    if (outcome.kind === 'nobody') return expect(await refusal(request)).toMatchObject({ reason: 'no_recipients' })
    const { mail } = outcome
    const result = await request
    if (outcome.kind === 'sent') {
      mail.id = result.id
      mail.seq = result.seq
    }
    // Said again for a repeated send as well: the hub may have died before it had marked it.
    const stored = this.#model.mail.filter(({ id }) => id !== undefined && id === mail.replyTo)
    this.#settle(agent, stored, 'answered')
    const { outlook, ...rest } = result
    const duplicate = outcome.kind === 'duplicate'
    expect(rest).toEqual({ id: mail.id, seq: mail.seq, sentAt: iso(mail.sentAt), duplicate })
    expect(outlook).toEqual(this.#outlookOf(mail))
  }

  #outlookOf(mail: Mail): object {
    const online = this.#online
    if (!mail.mailbox) {
      const members = this.#model.members(mail.to).filter((agent) => agent !== mail.sender && online.has(agent))
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

  async #fetch({ who, after, limit }: Of<'fetch'>): Promise<void> {
    const member = this.#member(who)
    if (!member) return
    const { messages, more } = await member.peer.request('fetch', { after, limit })
    const unread = this.#model.unread(member.agent).filter(({ seq }) => (seq ?? Infinity) > after)
    expect(messages.map(({ id }) => id)).toEqual(unread.slice(0, limit).map(({ id }) => id))
    expect(more).toBe(unread.length > limit)
  }

  async #ack({ who, picks, from, state, others }: Of<'ack'>): Promise<void> {
    const member = this.#member(who)
    if (!member) return
    const { agent, peer } = member
    const among = (others ? this.#model.mail : this.#model.unread(agent)).filter(({ id }) => id !== undefined)
    if (among.length === 0) return
    const start = from % among.length
    const mails = among.slice(start, start + picks)
    const ids = mails.map(({ id }) => id as Message['id'])
    const result = await peer.request('ack', { ids, state, route })
    const moved = this.#settle(agent, mails, state)
    expect(result).toEqual({ settled: moved.length, waiting: this.#model.unread(agent).length })
  }

  /** Moves receipts, and notes what senders are told of it. */
  #settle(agent: Agent, mails: readonly Mail[], state: 'offered' | 'shown' | 'answered'): Mail[] {
    const moved = this.#model.settle(agent, mails, state, route)
    const place = this.#online.get(agent)
    if (place && state !== 'offered' && moved.some((mail) => !place.held.has(mail))) place.loose = true
    for (const { id, mailbox, sender } of moved) {
      if (!mailbox || !sender) continue
      const told = { method: 'receipt', id, name: agent.name, state, at: iso(this.#model.now) }
      this.#clientOf(sender)?.due.push(state === 'answered' ? told : { ...told, route })
    }
    return moved
  }

  async #receipts({ who, pick }: Of<'receipts'>): Promise<void> {
    const member = this.#member(who)
    const id = this.#mailAt(pick)
    if (!member || id === undefined) return
    const mail = this.#model.mail.find((each) => each.id === id)!
    const request = member.peer.request('receipts', { id })
    if (mail.sender !== member.agent) {
      return expect(await refusal(request)).toMatchObject({ reason: 'message_unknown' })
    }
    expect((await request).receipts).toEqual([this.#receiptOf(mail)])
  }

  #receiptOf(mail: Mail): object {
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
      recipients: copy
        ? [{ name: mail.mailbox?.owner?.name ?? mail.to, state: copy.state, steps: steps(copy) }]
        : moved,
      queued: copy ? 0 : mail.copies.size - moved.length,
    }
  }

  async #rename({ who, name }: Of<'rename'>): Promise<void> {
    const member = this.#member(who)
    if (!member) return
    const { agent, peer, place } = member
    const previous = agent.name
    const request = peer.request('rename', { name })
    if (lower(name) === lower(previous)) {
      return expect(await refusal(request)).toMatchObject({ reason: 'invalid_params' })
    }
    const outcome = this.#model.rename(agent, name)
    if (outcome === 'too_soon') {
      const retryAfterMs = agent.renamedAt! + rules.renameEvery - this.#model.now
      const error = await refusal(request)
      return expect(error).toMatchObject({ reason: 'rename_too_soon', data: { retryAfterMs } })
    }
    if (outcome === 'taken') return expect(await refusal(request)).toMatchObject({ reason: 'name_taken' })
    const forwardsUntil = iso(this.#model.now + rules.forwardFor)
    expect(await request).toEqual({ name, previous, forwardsUntil })
    for (const { due } of new Set([member.client, ...this.#watchers()])) {
      due.push({ method: 'renamed', previous, name, forwardsUntil })
    }
    // Everything unread comes again: some of it may be older than what came before.
    place.cursor = 0
    place.held = new Set()
  }

  async #changeTopic({ kind, who, topic }: Of<'join' | 'leave'>): Promise<void> {
    const member = this.#member(who)
    if (!member) return
    const { agent, peer } = member
    if (lower(topic) === '#all') {
      return expect(await refusal(peer.request(kind, { topic }))).toMatchObject({ reason: 'topic_fixed' })
    }
    const was = agent.topics.has(lower(topic))
    if (kind === 'leave') {
      agent.topics.delete(lower(topic))
      return expect(await peer.request('leave', { topic })).toEqual({ topic, left: was })
    }
    if (!was) agent.topics.set(lower(topic), {})
    const members = this.#model.members(topic).length
    expect(await peer.request('join', { topic })).toEqual({ topic, members, joined: !was })
  }

  async #release({ who }: Of<'release'>): Promise<void> {
    const member = this.#member(who)
    if (!member) return
    const { name } = member.agent
    const result = await member.peer.request('release', {})
    expect(result).toEqual({ name, bounced: this.#model.release(member.agent) })
    this.#leave(member.client)
  }

  async #configure({ who, minutes }: Of<'configure'>): Promise<void> {
    const member = this.#member(who)
    if (!member) return
    member.agent.autoCheck = { enabled: minutes > 0, minutes }
    const { autoCheck } = member.agent
    expect(await member.peer.request('configure', { autoCheck })).toEqual({ autoCheck })
  }

  async #list({ who }: Of<'list'>): Promise<void> {
    const { peer } = await this.#client(who)
    const online = this.#online
    const agents = this.#model.registered.map((agent) => ({
      name: agent.name,
      online: online.has(agent),
      routes: [],
      lastSeenAt: iso(online.has(agent) ? this.#model.now : agent.lastSeenAt),
    }))
    expect(await peer.request('list', {})).toEqual({ agents, total: agents.length, online: online.size, more: false })
  }

  async #wait({ minutes, sweep }: Of<'wait'>): Promise<void> {
    this.#clock.advance(minutes * minute)
    this.#model.now = this.#clock.now()
    if (sweep) await this.#sweep()
  }

  async #restart(): Promise<void> {
    const closed = this.#clients.flatMap((client) => (client ? [client.peer.closed] : []))
    await this.#hub!.close()
    for (const each of closed) expect(await each).toMatchObject({ code: 4000 })
    for (const client of this.#clients) if (client?.place) client.place.agent.lastSeenAt = this.#model.now
    this.#clients.fill(undefined)
    await this.start()
  }

  /** Compares what every program that is online sees. */
  async #compare(): Promise<void> {
    await this.#untilOnline()
    for (const client of this.#clients) if (client?.place) await this.#comparePlace(client, client.place)
  }

  async #comparePlace({ peer, due }: Client, place: Place): Promise<void> {
    const { agent } = place
    for (let round = 1; ; round += 1) {
      const { messages } = await peer.request('fetch', { limit: 200 })
      const unread = this.#model.unread(agent)
      for (const [index, mail] of unread.entries()) learn(mail, messages[index])
      expect(messages.map(shown), `unread of ${agent.name}`).toEqual(unread.map((mail) => this.#shownAs(agent, mail)))
      countHeld(place, unread)
      this.#takePushes(peer, place)
      const missing = unread.filter(({ seq }) => seq! > place.cursor)
      const inFlight = [...place.held].filter((mail) => isWaiting(this.#model, agent, mail))
      if (!place.loose) expect(inFlight.length, 'messages in flight').toBeLessThanOrEqual(place.room)
      if (missing.length === 0 || inFlight.length >= place.window) break
      if (round === roundsUntilPushed) {
        throw new Error(`${agent.name} was not pushed ${missing.map(({ id }) => id).join(', ')}`)
      }
    }
    const { agent: status } = await peer.request('status', {})
    expect({ ...status, topics: status?.topics.map(lower).toSorted() }).toEqual({
      name: agent.name,
      waiting: this.#model.unread(agent).length,
      topics: this.#topicsOf(agent),
      autoCheck: agent.autoCheck,
      sessionExpiresAt: iso(place.session.expiresAt),
    })
    const others = peer.frames
      .splice(0)
      .map((frame) => (frame.kind === 'notification' ? { method: frame.method, ...frame.params } : frame))
    expect(others, `what ${agent.name} is told`).toEqual(due.splice(0))
  }

  /** What was pushed: in order, each once until it starts anew, and all of it this agent's mail. */
  #takePushes(peer: WirePeer, place: Place): void {
    for (const frame of peer.frames.filter((each) => each.kind === 'notification' && each.method === 'message')) {
      peer.frames.splice(peer.frames.indexOf(frame), 1)
      const message = (frame as unknown as { params: Message }).params
      const mail = this.#model.mail.find(({ id }) => id === message.id)
      if (!mail || !this.#model.copyOf(place.agent, mail)) {
        throw new Error(`${place.agent.name} was pushed what is not its mail: ${JSON.stringify(message)}`)
      }
      expect(message.seq, `the order of what ${place.agent.name} was pushed`).toBeGreaterThan(place.cursor)
      expect(message.content === mail.content || mail.kind === 'notice').toBe(true)
      place.cursor = message.seq
      place.held.add(mail)
    }
  }

  #shownAs(agent: Agent, mail: Mail): object {
    const { offered } = this.#model.copyOf(agent, mail)!
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

/** What the model knows of a message. */
function shown(message: Message): object {
  const { id, seq, kind, from, to, sentAt, expiresAt, content, data, replyTo, offered } = message
  const event = data?.['event']
  return {
    id,
    seq,
    kind,
    from,
    to,
    sentAt,
    expiresAt,
    content: kind === 'notice' ? '' : content,
    event,
    replyTo,
    offered,
  }
}

function isWaiting(model: Model, agent: Agent, mail: Mail): boolean {
  const state = model.copyOf(agent, mail)?.state
  return state === 'queued' || state === 'offered'
}
