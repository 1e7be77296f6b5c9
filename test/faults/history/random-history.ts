import fc from 'fast-check'
import type { ReceiptState } from '../../../protocol/index.ts'
import type { Event } from './event.ts'

const senders = ['anna', 'bert'] as const
const readers = ['rose', 'claude'] as const
const agents: readonly string[] = [...senders, ...readers]
const topic = '#news'

interface Message {
  readonly id: string
  readonly seq: number
  readonly attempt: string
  readonly sender: string
}

interface Mailbox {
  /** Stored and not shown in this life. */
  waiting: Message[]
  /** Shown in this life, and not confirmed. */
  held: Message[]
}

/** What an exemplary hub does with exemplary agents, some of which are killed. */
class ExemplaryWorld {
  readonly events: Event[] = agents.map((agent) => ({ kind: 'started', agent }))
  readonly #mailboxes = new Map<string, Mailbox>(agents.map((agent) => [agent, { waiting: [], held: [] }]))
  readonly #steps = new Map<string, { id: string; agent: string; steps: ReceiptState[] }>()
  #attempts = 0
  #seq = 0

  send(sender: string, to: string, fate: 'accepted' | 'kept' | 'lost' | 'refused', answered?: Message): void {
    const attempt = `attempt ${(this.#attempts += 1)}`
    const recipients = (to === topic ? readers : [to]).filter((name) => name !== sender)
    const replyTo = answered && { replyTo: answered.id }
    this.events.push({ kind: 'sending', attempt, sender, to, recipients, digest: `of ${attempt}`, ...replyTo })
    if (fate === 'refused') return void this.events.push({ kind: 'refused', attempt, reason: 'mailbox_full' })
    if (fate === 'lost') return void this.events.push({ kind: 'unconfirmed', attempt })
    const seq = (this.#seq += 1)
    const message = { id: `epoch-${seq}`, seq, attempt, sender }
    for (const agent of recipients) {
      this.#mailboxes.get(agent)!.waiting.push(message)
      this.#steps.set(`${message.id} ${agent}`, { id: message.id, agent, steps: ['queued'] })
    }
    if (fate === 'accepted') this.events.push({ kind: 'accepted', attempt, id: message.id, seq })
    if (answered) this.#step(answered, sender, 'answered')
  }

  offer(agent: string): void {
    const [message] = this.#mailboxes.get(agent)!.waiting
    if (!message || this.#steps.get(`${message.id} ${agent}`)!.steps.length > 1) return
    this.events.push({ kind: 'offering', agent, id: message.id })
    this.#step(message, agent, 'offered')
  }

  show(agent: string): Message | undefined {
    const { waiting, held } = this.#mailboxes.get(agent)!
    const message = waiting.shift()
    if (!message) return undefined
    held.push(message)
    const { id, seq, attempt, sender } = message
    this.events.push({ kind: 'shown', agent, id, seq, attempt, from: sender, digest: `of ${attempt}` })
    return message
  }

  acknowledge(agent: string): void {
    const message = this.#mailboxes.get(agent)!.held.shift()
    if (!message) return
    this.#step(message, agent, 'shown')
    this.events.push({ kind: 'acknowledged', agent, id: message.id })
  }

  kill(agent: string): void {
    const mailbox = this.#mailboxes.get(agent)!
    mailbox.waiting = [...mailbox.held, ...mailbox.waiting]
    mailbox.held = []
    this.events.push({ kind: 'started', agent })
  }

  /** Everybody reads what is left, and asks what became of what they sent. */
  end(): readonly Event[] {
    for (const agent of agents) {
      while (this.show(agent)) this.acknowledge(agent)
      while (this.#mailboxes.get(agent)!.held.length > 0) this.acknowledge(agent)
    }
    for (const { id, agent, steps } of this.#steps.values()) this.events.push({ kind: 'end', agent, id, steps })
    return this.events
  }

  #step({ id }: Message, agent: string, state: ReceiptState): void {
    const { steps } = this.#steps.get(`${id} ${agent}`)!
    if (steps.at(-1) === 'answered') return
    steps.push(state)
    this.events.push({ kind: 'receipt', agent, id, state })
  }
}

const fate = fc.constantFrom('accepted', 'accepted', 'accepted', 'kept', 'lost', 'refused')
const anybody = fc.constantFrom(...agents)
const reader = fc.constantFrom(...readers)
const deed = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constant('send'), fc.constantFrom(...senders), fc.constantFrom(...readers, topic), fate),
  },
  { weight: 4, arbitrary: fc.tuple(fc.constant('show'), anybody) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('acknowledge'), anybody) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('kill'), anybody) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('offer'), reader) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('answer'), reader, fate) },
) as fc.Arbitrary<Deed>

type Fate = 'accepted' | 'kept' | 'lost' | 'refused'
type Deed =
  | readonly ['send', string, string, Fate]
  | readonly ['show' | 'acknowledge' | 'kill' | 'offer', string]
  | readonly ['answer', string, Fate]

/** A history in which nothing is wrong, though senders and readers are killed and answers get lost. */
export const randomHistory: fc.Arbitrary<readonly Event[]> = fc
  .array(deed, { minLength: 20, maxLength: 120 })
  .map((deeds) => {
    const world = new ExemplaryWorld()
    for (const deed of deeds) {
      switch (deed[0]) {
        case 'send':
          world.send(deed[1], deed[2], deed[3])
          break
        case 'answer': {
          const message = world.show(deed[1])
          if (message) world.send(deed[1], message.sender, deed[2], message)
          break
        }
        case 'show':
        case 'acknowledge':
        case 'kill':
        case 'offer':
          world[deed[0]](deed[1])
      }
    }
    return world.end()
  })
