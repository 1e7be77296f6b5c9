// The property in `run.ts` is what the expectations of this file stand in.
/* oxlint-disable vitest/no-standalone-expect */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { settingsWith, startHub, type Hub } from '../../../hub/index.ts'
import type { Attached, Message } from '../../../protocol/index.ts'
import { ManualClock } from '../../support/hub.ts'
import { greet, refusal, type WirePeer } from '../../support/wire.ts'
import { compareView } from './compare.ts'
import { iso, lower, outlookOf, receiptOf, route, topicsOf } from './expected.ts'
import { Model, rules, type Agent, type Mail, type Session } from './model.ts'
import { Programs, type Member, type Program } from './programs.ts'
import { clients, type Step } from './steps.ts'

const minute = 60_000

type Of<K extends Step['kind']> = Extract<Step, { kind: K }>

const keyOf = (key: number): string => createHash('sha256').update(`key ${key}`).digest('base64url')

/** Plays steps on a hub and on the model, and compares all that can be seen. */
export class Player {
  readonly #home: string
  readonly #clock = new ManualClock()
  readonly #model = new Model(this.#clock.now())
  readonly #programs = new Programs()
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
    for (const { peer } of this.#programs.connected) peer.socket.terminate()
    this.#auditor?.socket.terminate()
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
      const { peer } = this.#programs.at(at)!
      const { receipts } = await peer.request('receipts', { limit: 200 })
      const sent = this.#model.mail.filter(({ sender }) => sender === agent).toReversed()
      expect(receipts, `receipts of ${agent.name}`).toEqual(sent.map(receiptOf))
      const { messages } = await peer.request('history', { limit: 200 })
      const exchanged = this.#model.mail.filter((mail) => mail.sender === agent || this.#model.copyOf(agent, mail))
      const ids = exchanged.map(({ id }) => id)
      // A notice that nobody has fetched has no id in the model.
      expect(messages.map(({ id }) => (ids.includes(id) ? id : undefined)).toReversed()).toEqual(ids)
    }
  }

  async #greet(): Promise<WirePeer> {
    return greet({ url: this.#hub!.url!, home: { folder: this.#home } })
  }

  async #sweep(): Promise<void> {
    await this.#hub!.sweep()
    this.#model.sweep(new Map([...this.#programs.online].map(([agent, { session }]) => [agent, session])))
  }

  async #program(who: number): Promise<Program> {
    return this.#programs.at(who) ?? this.#programs.connect(who, await this.#greet())
  }

  /** The hub has closed the connection that had this name for another. */
  async #isTakenOver(agent: Agent, by: Program): Promise<void> {
    const former = this.#programs.connected.find((program) => program !== by && program.place?.agent === agent)
    if (!former) return
    expect(await former.peer.closed).toMatchObject({ code: 4505 })
    this.#programs.disconnect(former, this.#model.now)
  }

  async #register({ who, key, name, takeOver, window, presence }: Of<'register'>): Promise<void> {
    const program = await this.#program(who)
    const request = program.peer.request('register', { name, key: keyOf(key), takeOver, window, presence })
    const claim = this.#model.claim(name, key)
    if (!claim) return expect(await refusal(request)).toMatchObject({ reason: 'name_taken' })
    const { agent, created } = claim
    const present = this.#programs.online.get(agent)
    if (present && present !== program.place && !takeOver) {
      return expect(await refusal(request)).toMatchObject({ reason: 'name_in_use' })
    }
    const result = await request
    await this.#isTakenOver(agent, program)
    if (present) this.#model.sessions.delete(present.session.token)
    const { now } = this.#model
    const session = { token: result.session.token, agent, openedAt: now, expiresAt: now + rules.session }
    this.#attached(program, session, { window, presence }, result, { created, position: undefined })
  }

  async #resume({ who, pick, position: where, window, presence }: Of<'resume'>): Promise<void> {
    if (this.#tokens.length === 0) return
    const program = await this.#program(who)
    const token = this.#tokens[pick % this.#tokens.length]!
    const known = this.#model.sessions.get(token)
    const found = known && known.expiresAt > this.#model.now ? known : undefined
    const held = Math.max(0, ...this.#model.mail.map(({ seq }) => seq ?? 0))
    const epoch = where === 'elsewhere' ? 'nowhere' : this.#hub!.epoch
    const position = where === 'none' ? undefined : { epoch, seq: where === 'beyond' ? held + 1_000 : held % 7 }
    const request = program.peer.request('resume', { session: token, position, window, presence })
    if (!found) return expect(await refusal(request)).toMatchObject({ reason: 'session_invalid' })
    const { agent, openedAt } = found
    const result = await request
    await this.#isTakenOver(agent, program)
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
    this.#attached(program, session, { window, presence }, result, {
      created: false,
      position: counts ? position!.seq : undefined,
    })
  }

  #attached(
    program: Program,
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
      topics: topicsOf(agent),
      autoCheck: agent.autoCheck,
      created,
    })
    const cursor = position ?? 0
    const place = { agent, session, window, presence, cursor, held: new Set<Mail>(), loose: false }
    this.#programs.enter(program, { ...place, room: window, heldUpTo: cursor }, this.#model.now)
  }

  async #disconnect({ who, orderly }: Of<'disconnect'>): Promise<void> {
    const program = this.#programs.at(who)
    if (!program) return
    if (orderly) program.peer.socket.close()
    else program.peer.socket.terminate()
    this.#programs.disconnect(program, this.#model.now)
    await this.#untilOnline()
  }

  async #untilOnline(): Promise<void> {
    for (;;) {
      const { hub } = await this.#auditor!.request('status', {})
      if (hub.online === this.#programs.online.size) return
    }
  }

  async #send({ who, to, ttlSeconds, replyTo }: Of<'send'>): Promise<void> {
    const member = this.#programs.member(who)
    if (!member) return
    this.#sends += 1
    await this.#sendAs(member, { clientId: `c-${this.#sends}`, to, ttlSeconds, replyTo: this.#mailAt(replyTo) })
  }

  async #repeat({ who, pick, replyTo }: Of<'repeat'>): Promise<void> {
    const member = this.#programs.member(who)
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
    { peer, agent }: Member,
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
    expect(outlook).toEqual(outlookOf(mail, this.#model, this.#programs.online))
  }

  async #fetch({ who, after, limit }: Of<'fetch'>): Promise<void> {
    const member = this.#programs.member(who)
    if (!member) return
    const { messages, more } = await member.peer.request('fetch', { after, limit })
    const unread = this.#model.unread(member.agent).filter(({ seq }) => (seq ?? Infinity) > after)
    expect(messages.map(({ id }) => id)).toEqual(unread.slice(0, limit).map(({ id }) => id))
    expect(more).toBe(unread.length > limit)
  }

  async #ack({ who, picks, from, state, others }: Of<'ack'>): Promise<void> {
    const member = this.#programs.member(who)
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
    const place = this.#programs.online.get(agent)
    if (place && state !== 'offered' && moved.some((mail) => !place.held.has(mail))) place.loose = true
    for (const { id, mailbox, sender } of moved) {
      if (!mailbox || !sender) continue
      const told = { method: 'receipt', id, name: agent.name, state, at: iso(this.#model.now) }
      this.#programs.of(sender)?.due.push(state === 'answered' ? told : { ...told, route })
    }
    return moved
  }

  async #receipts({ who, pick }: Of<'receipts'>): Promise<void> {
    const member = this.#programs.member(who)
    const id = this.#mailAt(pick)
    if (!member || id === undefined) return
    const mail = this.#model.mail.find((each) => each.id === id)!
    const request = member.peer.request('receipts', { id })
    if (mail.sender !== member.agent) {
      return expect(await refusal(request)).toMatchObject({ reason: 'message_unknown' })
    }
    expect((await request).receipts).toEqual([receiptOf(mail)])
  }

  async #rename({ who, name }: Of<'rename'>): Promise<void> {
    const member = this.#programs.member(who)
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
    for (const { due } of new Set([member.program, ...this.#programs.watchers()])) {
      due.push({ method: 'renamed', previous, name, forwardsUntil })
    }
    // Everything unread comes again: some of it may be older than what came before.
    place.cursor = 0
    place.held = new Set()
  }

  async #changeTopic({ kind, who, topic }: Of<'join' | 'leave'>): Promise<void> {
    const member = this.#programs.member(who)
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
    const member = this.#programs.member(who)
    if (!member) return
    const { name } = member.agent
    const result = await member.peer.request('release', {})
    expect(result).toEqual({ name, bounced: this.#model.release(member.agent) })
    this.#programs.leave(member.program, this.#model.now)
  }

  async #configure({ who, minutes }: Of<'configure'>): Promise<void> {
    const member = this.#programs.member(who)
    if (!member) return
    member.agent.autoCheck = { enabled: minutes > 0, minutes }
    const { autoCheck } = member.agent
    expect(await member.peer.request('configure', { autoCheck })).toEqual({ autoCheck })
  }

  async #list({ who }: Of<'list'>): Promise<void> {
    const { peer } = await this.#program(who)
    const online = this.#programs.online
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
    const closed = this.#programs.connected.map(({ peer }) => peer.closed)
    await this.#hub!.close()
    for (const each of closed) expect(await each).toMatchObject({ code: 4000 })
    this.#programs.end(this.#model.now)
    await this.start()
  }

  /** Compares what every program that is online sees. */
  async #compare(): Promise<void> {
    await this.#untilOnline()
    for (const program of this.#programs.connected) {
      if (program.place) await compareView(program, program.place, this.#model)
    }
  }
}
