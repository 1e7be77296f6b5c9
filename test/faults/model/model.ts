import type { ReceiptState } from '../../../protocol/index.ts'

const minute = 60_000
const hour = 60 * minute

/** The settings of the hub that the model knows too: small, so that limits are met. */
export const rules = {
  mailboxDepth: 2,
  unclaimedTtl: 3 * hour,
  ttl: 10 * hour,
  session: 24 * hour,
  forwardFor: 2 * hour,
  renameEvery: hour,
  /** Longer than any run: what is settled stays. */
  history: 3650 * 24 * hour,
  /** Only when it is told to. */
  sweepEvery: 24 * hour,
} as const

/** Receipts move forward through these. */
const ranks: readonly ReceiptState[] = ['queued', 'offered', 'shown', 'answered', 'expired', 'bounced']
const rankOf = (state: ReceiptState): number => ranks.indexOf(state)
const lower = (name: string): string => name.toLowerCase()

export interface Agent {
  readonly number: number
  readonly key: number
  name: string
  renamedAt: number | undefined
  lastSeenAt: number
  autoCheck: { enabled: boolean; minutes: number }
  released: boolean
  /** Topics but #all, as they are compared. */
  readonly topics: Map<string, object>
  /** Its membership of #all. */
  readonly everyone: object
  readonly mailbox: Mailbox
}

export interface Mailbox {
  owner: Agent | undefined
}

/** What became of a message for one reader. */
export interface Copy {
  state: ReceiptState
  steps: { state: ReceiptState; at: number; route?: string }[]
  offered: number | undefined
  /** The membership through which it came; undefined for a mailbox. */
  readonly membership: object | undefined
  /** Whether the sender was told of its bad end. */
  told: boolean
}

export interface Mail {
  /** Undefined for a notice that nobody has seen yet. */
  id: string | undefined
  seq: number | undefined
  readonly kind: 'message' | 'notice'
  readonly sender: Agent | undefined
  readonly from: string
  readonly to: string
  readonly clientId: string
  readonly content: string
  readonly replyTo: string | undefined
  readonly sentAt: number
  expiresAt: number
  swept: boolean
  readonly mailbox: Mailbox | undefined
  /** For a mailbox, the one copy, whoever reads it. */
  readonly copy: Copy | undefined
  readonly copies: Map<Agent, Copy>
  /** Notices: of what. */
  readonly event?: { readonly event: string; readonly id?: string | undefined; readonly name?: string }
}

export interface Session {
  readonly token: string
  readonly agent: Agent
  readonly openedAt: number
  expiresAt: number
}

type Standing =
  | { kind: 'own'; agent: Agent }
  | { kind: 'forward'; agent: Agent; until: number }
  | { kind: 'unclaimed'; mailbox: Mailbox }
  | { kind: 'free' }

/** A hub as it should be, in lists: who has which name, and what became of which message for whom. */
export class Model {
  now: number
  readonly agents: Agent[] = []
  readonly mail: Mail[] = []
  readonly sessions = new Map<string, Session>()
  readonly #names = new Map<string, Exclude<Standing, { kind: 'free' }>>()

  constructor(now: number) {
    this.now = now
  }

  get registered(): Agent[] {
    return this.agents.filter(({ released }) => !released).toSorted((a, b) => (lower(a.name) < lower(b.name) ? -1 : 1))
  }

  standing(name: string): Standing {
    const standing = this.#names.get(lower(name))
    if (!standing || (standing.kind === 'forward' && standing.until <= this.now)) return { kind: 'free' }
    return standing
  }

  /** The agent of a name, new or known; undefined where it belongs to another key. */
  claim(name: string, key: number): { agent: Agent; created: boolean } | undefined {
    const standing = this.standing(name)
    if (standing.kind === 'own' || standing.kind === 'forward') {
      if (standing.agent.key !== key) return undefined
      standing.agent.lastSeenAt = this.now
      return { agent: standing.agent, created: false }
    }
    const mailbox = standing.kind === 'unclaimed' ? standing.mailbox : { owner: undefined }
    const agent: Agent = {
      number: this.agents.length,
      key,
      name,
      renamedAt: undefined,
      lastSeenAt: this.now,
      autoCheck: { enabled: true, minutes: 0 },
      released: false,
      topics: new Map(),
      everyone: {},
      mailbox,
    }
    this.agents.push(agent)
    this.#names.set(lower(name), { kind: 'own', agent })
    this.#adopt(agent, mailbox)
    return { agent, created: true }
  }

  #adopt(agent: Agent, mailbox: Mailbox): void {
    mailbox.owner = agent
    for (const mail of this.mail) {
      if (mail.mailbox === mailbox && !mail.swept && mail.expiresAt > this.now) {
        mail.expiresAt = Math.max(mail.expiresAt, this.now + rules.ttl)
      }
    }
  }

  rename(agent: Agent, to: string): 'renamed' | 'taken' | 'too_soon' {
    if (agent.renamedAt !== undefined && agent.renamedAt > this.now - rules.renameEvery) return 'too_soon'
    const standing = this.standing(to)
    if ((standing.kind === 'own' || standing.kind === 'forward') && standing.agent !== agent) return 'taken'
    if (standing.kind === 'unclaimed') this.#adopt(agent, standing.mailbox)
    this.#names.set(lower(agent.name), { kind: 'forward', agent, until: this.now + rules.forwardFor })
    this.#names.set(lower(to), { kind: 'own', agent })
    agent.name = to
    agent.renamedAt = this.now
    const notice = this.#notice(
      { to: '#all', ttl: rules.unclaimedTtl, event: { event: 'renamed', name: to } },
      undefined,
    )
    for (const other of this.registered) {
      const copy = newCopy(other.everyone, this.now)
      if (other === agent) move(copy, 'shown', this.now)
      notice.copies.set(other, copy)
    }
    return 'renamed'
  }

  /** How many messages bounced. */
  release(agent: Agent): number {
    agent.released = true
    let bounced = 0
    for (const mail of this.mail) {
      const copy = this.copyOf(agent, mail)
      if (copy && move(copy, 'bounced', this.now)) bounced += 1
    }
    for (const [name, standing] of this.#names) {
      if (standing.kind !== 'unclaimed' && standing.agent === agent) this.#names.delete(name)
    }
    for (const [token, session] of this.sessions) if (session.agent === agent) this.sessions.delete(token)
    agent.topics.clear()
    return bounced
  }

  membership(agent: Agent, topic: string): object | undefined {
    return lower(topic) === '#all' ? agent.everyone : agent.topics.get(lower(topic))
  }

  members(topic: string): Agent[] {
    return this.registered.filter((agent) => this.membership(agent, topic))
  }

  /** Copies that wait in a mailbox, or for a member through its present membership, expired or not. */
  #isFull(isThere: (mail: Mail) => Copy | undefined): boolean {
    const waiting = this.mail.filter((mail) => {
      const copy = isThere(mail)
      return copy && isWaiting(copy)
    })
    return waiting.length >= rules.mailboxDepth
  }

  /** Where a message would go, without sending it. */
  send(
    sender: Agent,
    draft: {
      to: string
      clientId: string
      content: string
      replyTo: string | undefined
      ttlSeconds: number | undefined
    },
  ): { kind: 'sent' | 'duplicate'; mail: Mail } | { kind: 'full' } | { kind: 'nobody' } {
    const known = this.mail.find((mail) => mail.sender === sender && mail.clientId === draft.clientId)
    if (known) return { kind: 'duplicate', mail: known }
    const ttl = draft.ttlSeconds === undefined ? undefined : draft.ttlSeconds * 1000
    const about = {
      id: undefined,
      seq: undefined,
      kind: 'message' as const,
      sender,
      from: sender.name,
      to: draft.to,
      clientId: draft.clientId,
      content: draft.content,
      replyTo: draft.replyTo,
      sentAt: this.now,
      swept: false,
    }
    if (draft.to.startsWith('#')) {
      const members = this.members(draft.to).filter((agent) => agent !== sender)
      if (members.length === 0) return { kind: 'nobody' }
      const mail: Mail = {
        ...about,
        expiresAt: this.now + (ttl ?? rules.ttl),
        mailbox: undefined,
        copy: undefined,
        copies: new Map(),
      }
      for (const member of members) {
        const membership = this.membership(member, draft.to)
        const copy = newCopy(membership, this.now)
        if (
          this.#isFull(({ copies }) => (copies.get(member)?.membership === membership ? copies.get(member) : undefined))
        ) {
          move(copy, 'bounced', this.now)
        }
        mail.copies.set(member, copy)
      }
      this.mail.push(mail)
      return { kind: 'sent', mail }
    }
    const standing = this.standing(draft.to)
    const mailbox =
      standing.kind === 'own' || standing.kind === 'forward'
        ? standing.agent.mailbox
        : standing.kind === 'unclaimed'
          ? standing.mailbox
          : { owner: undefined }
    if (this.#isFull((mail) => (mail.mailbox === mailbox ? mail.copy : undefined))) return { kind: 'full' }
    if (standing.kind === 'free') this.#names.set(lower(draft.to), { kind: 'unclaimed', mailbox })
    const waits = ttl ?? (mailbox.owner ? rules.ttl : rules.unclaimedTtl)
    const mail: Mail = {
      ...about,
      expiresAt: this.now + waits,
      mailbox,
      copy: newCopy(undefined, this.now),
      copies: new Map(),
    }
    this.mail.push(mail)
    return { kind: 'sent', mail }
  }

  /** What this agent may see of a message: its copy. */
  copyOf(agent: Agent, mail: Mail): Copy | undefined {
    return mail.mailbox ? (mail.mailbox.owner === agent ? mail.copy : undefined) : mail.copies.get(agent)
  }

  unread(agent: Agent): Mail[] {
    return this.mail.filter((mail) => {
      const copy = this.copyOf(agent, mail)
      return copy && isWaiting(copy) && mail.expiresAt > this.now
    })
  }

  /** Those whose receipt moved. */
  settle(agent: Agent, mails: readonly Mail[], state: 'offered' | 'shown' | 'answered', route?: string): Mail[] {
    return mails.filter((mail) => {
      const copy = this.copyOf(agent, mail)
      if (!copy) return false
      if (state === 'offered') {
        if (copy.state !== 'queued') return false
        copy.offered = this.now
        return move(copy, 'offered', this.now, route)
      }
      const shown = move(copy, 'shown', this.now, state === 'shown' ? route : undefined)
      if (state === 'shown' || copy.state !== 'shown') return shown
      return move(copy, 'answered', this.now)
    })
  }

  /** Ends what is due, and tells the senders of every bad end. */
  sweep(online: ReadonlyMap<Agent, Session>): void {
    for (const [agent, session] of online) {
      agent.lastSeenAt = this.now
      if (this.now + rules.session - session.expiresAt >= 10 * minute) session.expiresAt = this.now + rules.session
    }
    for (const mail of this.mail) {
      if (mail.swept || mail.expiresAt > this.now) continue
      mail.swept = true
      for (const copy of allCopies(mail)) move(copy, 'expired', this.now)
    }
    for (const mail of this.mail.slice()) {
      for (const state of ['expired', 'bounced'] as const) {
        const untold = allCopies(mail).filter((copy) => copy.state === state && !copy.told)
        for (const copy of untold) copy.told = true
        const { sender } = mail
        if (untold.length === 0 || !sender || sender.released) continue
        this.#notice({ to: sender.name, ttl: rules.ttl, event: { event: state, id: mail.id } }, sender.mailbox)
      }
    }
    for (const [token, session] of this.sessions) if (session.expiresAt <= this.now) this.sessions.delete(token)
  }

  #notice(about: { to: string; ttl: number; event: NonNullable<Mail['event']> }, mailbox: Mailbox | undefined): Mail {
    const mail: Mail = {
      id: undefined,
      seq: undefined,
      kind: 'notice',
      sender: undefined,
      from: 'bellhop',
      to: about.to,
      clientId: '',
      content: '',
      replyTo: about.event.id,
      sentAt: this.now,
      expiresAt: this.now + about.ttl,
      swept: false,
      mailbox,
      copy: mailbox && newCopy(undefined, this.now),
      copies: new Map(),
      event: about.event,
    }
    this.mail.push(mail)
    return mail
  }
}

function allCopies(mail: Mail): Copy[] {
  return mail.copy ? [mail.copy] : [...mail.copies.values()]
}

function isWaiting({ state }: Copy): boolean {
  return state === 'queued' || state === 'offered'
}

function newCopy(membership: object | undefined, at: number): Copy {
  return { state: 'queued', steps: [{ state: 'queued', at }], offered: undefined, membership, told: false }
}

/** Moves a receipt forward, never back; bad ends come only to what was not shown. */
function move(copy: Copy, state: ReceiptState, at: number, route?: string): boolean {
  const isEnd = state === 'expired' || state === 'bounced'
  if (rankOf(copy.state) >= rankOf(state) || (isEnd && !isWaiting(copy))) return false
  copy.state = state
  copy.steps.push({ state, at, ...(route !== undefined && { route }) })
  return true
}
