import { delay } from '../../bench/jobs/waiting.ts'
import { writeLetter } from './letter.ts'
import type { Member, Tally } from './member.ts'

/** Sends under way at a time. */
const inFlightMax = 512
/** Messages that may be on their way to their readers, before the writers wait for them. */
const backlogMax = 20_000
/** Milliseconds between two looks at the clock. */
const lookEveryMs = 5
/** Milliseconds of traffic that are made up for after the machine had no time; what is older is left out. */
const madeUpMs = 100
/** Bytes of most bodies, and of the large ones in turn. */
const bodyBytes = 200
const largeBytes = [20_000, 200_000]
/** One message in so many is large, goes to the topic, to the reader that lags, or to a visitor. */
const oneIn = { large: 500, topic: 50, lagging: 10, visitor: 10 } as const
/** Messages that may wait for the reader that lags, and for a visitor, who may be away. */
const lagMax = 2_000
const waitingForVisitorMax = 200

/** Who takes part. */
interface Parties {
  readonly writers: readonly Member[]
  readonly readers: readonly Member[]
  readonly lagging: Member
  readonly topic: string
  readonly members: readonly Member[]
  readonly tally: Tally
}

/** Those to whom mail goes at the moment, there or not. */
interface Mailed {
  readonly all: readonly Member[]
}

/** Messages of every kind, as fast as the hub takes them or at a pace, and never more under way than is bounded. */
export class Traffic {
  answered = 0
  /** Messages to single names, each of which brings its writer a receipt. */
  direct = 0
  large = 0
  /** Copies that readers must get. */
  due = 0
  readonly #parties: Parties
  #visitors: Mailed = { all: [] }
  readonly #numbers = new Map<string, number>()
  #sent = 0
  #allowance = 0

  constructor(parties: Parties) {
    this.#parties = parties
  }

  /** Resolves with the sends that were answered a second. */
  async run(perSecond: number, forMs: number, visitors: Mailed): Promise<number> {
    this.#visitors = visitors
    const began = performance.now()
    const before = this.answered
    const { wrong } = this.#parties.tally
    let seen = began
    while (seen < began + forMs && wrong.length === 0) {
      await delay(lookEveryMs)
      const now = performance.now()
      const more = perSecond * ((now - seen) / 1_000)
      this.#allowance = Math.min(this.#allowance + more, perSecond * (madeUpMs / 1_000))
      seen = now
      this.#post()
    }
    this.#allowance = 0
    return ((this.answered - before) * 1_000) / (performance.now() - began)
  }

  get settled(): boolean {
    const { tally } = this.#parties
    return this.answered === this.#sent && tally.received === this.due && tally.shown === this.direct
  }

  #post(): void {
    const { tally } = this.#parties
    while (
      this.#allowance >= 1 &&
      this.#sent - this.answered < inFlightMax &&
      this.due - tally.received < backlogMax &&
      tally.wrong.length === 0
    ) {
      this.#allowance -= 1
      this.#send()
    }
  }

  #send(): void {
    const { writers, members, topic } = this.#parties
    const turn = this.#sent
    this.#sent += 1
    const writer = writers[turn % writers.length]!
    if (turn % oneIn.topic === 1) {
      this.#write(writer, topic, members, bodyBytes)
      return
    }
    this.direct += 1
    const isLarge = turn % oneIn.large === 0
    if (isLarge) this.large += 1
    const reader = this.#chooseReader(turn)
    this.#write(writer, reader.name, [reader], isLarge ? largeBytes[this.large % largeBytes.length]! : bodyBytes)
  }

  #chooseReader(turn: number): Member {
    const { readers, lagging } = this.#parties
    if (turn % oneIn.lagging === 2 && lagging.missing < lagMax) return lagging
    if (turn % oneIn.visitor === 3) {
      const { all } = this.#visitors
      const visitor = all[Math.floor(turn / oneIn.visitor) % all.length]
      if (visitor && visitor.missing < waitingForVisitorMax) return visitor
    }
    return readers[Math.floor(turn / 7) % readers.length]!
  }

  #write(writer: Member, to: string, readers: readonly Member[], bytes: number): void {
    for (const reader of readers) reader.expected += 1
    this.due += readers.length
    const stream = `${writer.name}>${to}`
    const number = (this.#numbers.get(stream) ?? 0) + 1
    this.#numbers.set(stream, number)
    void this.#say(writer, to, writeLetter({ stream, number }, bytes))
  }

  async #say(writer: Member, to: string, content: string): Promise<void> {
    // Ids ascend, as those of the library do.
    const clientId = `soak-${this.#sent.toString(36).padStart(8, '0')}`
    try {
      await writer.line.request('send', { clientId, to, content })
      this.answered += 1
      this.#post()
    } catch (error) {
      this.#parties.tally.wrong.push(`${content.slice(0, 40)} was refused: ${String(error)}`)
    }
  }
}
