import type { Attached, Message } from '../../../protocol/index.ts'
import { makeKey } from '../../support/wire.ts'
import { readLetter } from './letter.ts'
import { Line, type Push } from './line.ts'

/** Where the hub is, and what all members come to together. */
export interface Place {
  readonly url: string
  readonly secret: string
  readonly tally: Tally
}

export interface Tally {
  connections: number
  /** Messages that readers got, each counted once. */
  received: number
  /** Pushed again to a reader that had registered anew, which is allowed. */
  repeated: number
  /** Receipts that say `shown`. */
  shown: number
  /** What must not be: a gap, a message twice, a refusal. The run is over with the first. */
  readonly wrong: string[]
}

interface Habits {
  /** Messages that it holds unacknowledged at most. */
  readonly window: number
  /** Milliseconds for which it keeps what it read before it acknowledges it; 0: what comes in one turn, at its end. */
  readonly lagMs: number
  readonly presence?: boolean
  /** A large message came. */
  readonly large?: (member: Member, message: Message) => void
}

/** One connection of a member, with what it read there. */
interface Stay {
  readonly line: Line
  /** Read, and the acknowledgement not answered. */
  readonly unconfirmed: Set<string>
  /** Read, and not acknowledged yet. */
  unsaid: string[]
}

/** One agent over all of its connections: it reads, acknowledges, and notices what is missing. */
export class Member {
  readonly name: string
  /** Messages that were sent to it. */
  expected = 0
  /** Of those, what it got. */
  received = 0
  readonly #place: Place
  readonly #habits: Habits
  readonly #key = makeKey()
  readonly #numbers = new Map<string, number>()
  /** What comes on any other connection is not read: it is pushed again on this one. */
  #stay: Stay | undefined
  #unconfirmed: ReadonlySet<string> = new Set()
  #session: { readonly token: string; readonly epoch: string } | undefined
  #seq = 0
  /** What was there when it registered anew may be pushed again, up to this `seq`. */
  #againUpTo = 0

  constructor(place: Place, name: string, habits: Habits) {
    this.#place = place
    this.name = name
    this.#habits = habits
  }

  /** Whether it got all that was sent to it, and the hub knows. */
  get isDone(): boolean {
    return this.missing === 0 && this.#unconfirmed.size === 0
  }

  get missing(): number {
    return this.expected - this.received
  }

  get line(): Line {
    if (this.#stay === undefined) throw new Error(`${this.name} is away`)
    return this.#stay.line
  }

  get token(): string {
    return this.#session!.token
  }

  /** Comes with its name and key; `takeOver` while it is there. */
  async register(takeOver = false): Promise<void> {
    const former = this.#stay
    // From the answer on the hub pushes what is unread, whatever had been read before.
    this.#againUpTo = this.#seq
    const { line } = await this.#connect(new Set())
    this.#attached(await line.request('register', { name: this.name, key: this.#key, takeOver, ...this.#wishes() }))
    await former?.line.closed
  }

  /** Comes back to its session, where it was. */
  async resume(): Promise<void> {
    const { token, epoch } = this.#session!
    const stay = await this.#connect(new Set(this.#unconfirmed))
    const position = { epoch, seq: this.#seq }
    const attached = await stay.line.request('resume', { session: token, position, ...this.#wishes() })
    if (!attached.recovered) this.#wrong('came back to its session, and it was not recovered')
    this.#attached(attached)
    stay.unsaid.push(...this.#unconfirmed)
    void this.#acknowledge(stay)
  }

  /** Goes, in good order or as if killed. */
  async leave(how: 'close' | 'terminate'): Promise<void> {
    const { line } = this
    this.#stay = undefined
    await line[how]()
  }

  #wishes(): { window: number; routes: ['fetch']; presence: boolean } {
    const { window, presence = false } = this.#habits
    return { window, routes: ['fetch'], presence }
  }

  async #connect(unconfirmed: Set<string>): Promise<Stay> {
    const line: Line = new Line(this.#place.url, (push) => this.#hear(stay, push))
    const stay: Stay = { line, unconfirmed, unsaid: [] }
    this.#place.tally.connections += 1
    this.#stay = stay
    this.#unconfirmed = unconfirmed
    void this.#watch(stay)
    await line.greet(this.#place.secret)
    return stay
  }

  #attached({ session, epoch }: Attached): void {
    this.#session = { token: session.token, epoch }
  }

  #hear(stay: Stay, push: Push): void {
    if (this.#stay !== stay) return
    if (push.method === 'message') this.#read(stay, push.params)
    else if (push.method === 'receipt' && push.params.state === 'shown') this.#place.tally.shown += 1
  }

  #read(stay: Stay, message: Message): void {
    const { tally } = this.#place
    if (message.kind === 'notice') return this.#wrong(`got a notice: ${message.content}`)
    if (message.seq > this.#seq) {
      this.#seq = message.seq
      const { stream, number } = readLetter(message.content)
      const before = this.#numbers.get(stream) ?? 0
      if (number !== before + 1) this.#wrong(`got ${stream} ${number} after ${before}`)
      this.#numbers.set(stream, number)
      this.received += 1
      tally.received += 1
      if (message.blob) this.#habits.large?.(this, message)
    } else {
      if (message.seq > this.#againUpTo) this.#wrong(`got ${message.id} twice`)
      tally.repeated += 1
    }
    stay.unconfirmed.add(message.id)
    if (stay.unsaid.push(message.id) > 1) return
    if (this.#habits.lagMs === 0) queueMicrotask(() => void this.#acknowledge(stay))
    else setTimeout(() => void this.#acknowledge(stay), this.#habits.lagMs)
  }

  async #acknowledge(stay: Stay): Promise<void> {
    // What it has not said when it goes, it says when it is back.
    if (this.#stay !== stay || stay.unsaid.length === 0) return
    const ids = stay.unsaid
    stay.unsaid = []
    try {
      await stay.line.request('ack', { ids, state: 'shown', route: 'fetch' })
      for (const id of ids) stay.unconfirmed.delete(id)
    } catch (error) {
      if (this.#stay === stay) this.#wrong(`cannot acknowledge: ${String(error)}`)
    }
  }

  async #watch(stay: Stay): Promise<void> {
    const code = await stay.line.closed
    if (this.#stay === stay) this.#wrong(`was disconnected with ${code}`)
  }

  #wrong(what: string): void {
    this.#place.tally.wrong.push(`${this.name} ${what}`)
  }
}
