import type { Message } from '../../../protocol/index.ts'
import { enter, Refused, say, type WirePeer } from '../../support/wire.ts'
import type { FuzzedHub } from './fuzzed-hub.ts'
import { Violation } from './violation.ts'
import { canary } from './canary.ts'

/** Messages that one sends in a row before it waits until the other has them. */
const burst = 4

/** Two agents that talk to each other all the while, and must notice nothing. */
export interface Bystanders {
  /** How many messages have come, in all. */
  readonly exchanged: () => number
  /** Throws what went wrong so far. */
  check(): void
  /** Ends the conversation, and throws what went wrong in it. */
  finish(): Promise<void>
}

/** One of them: what the other writes must come whole, once and in order, and nothing that is for somebody else. */
class Correspondent {
  readonly name: string
  readonly #peer: WirePeer
  readonly #other: string
  #received = 0
  #sends = 0
  #came: () => void = () => {}

  constructor(name: string, other: string, peer: WirePeer) {
    this.name = name
    this.#other = other
    this.#peer = peer
  }

  get sends(): number {
    return this.#sends
  }

  get received(): number {
    return this.#received
  }

  /** Writes a few messages; where the other's mailbox is full of a fuzzer's mail, again until it is not. */
  async write(): Promise<void> {
    for (let count = 0; count < burst; count += 1) {
      const content = `${canary} ${this.name} ${this.#sends}`
      this.#sends += 1
      const clientId = `bystander-${this.#sends}`
      for (;;) {
        try {
          await say(this.#peer, this.#other, content, { clientId })
          break
        } catch (error) {
          if (!(error instanceof Refused) || error.reason !== 'mailbox_full') throw error
        }
      }
    }
  }

  /** Reads whatever comes, until the connection ends; all that is there is acknowledged at once. */
  async read(): Promise<never> {
    for (;;) {
      const messages = [await this.#peer.notification('message'), ...this.#takeOthers()]
      for (const message of messages) this.#take(message)
      await this.#peer.request('ack', { ids: messages.map(({ id }) => id), state: 'shown', route: 'fetch' })
      this.#came()
    }
  }

  /** Resolves when so many messages of the other have come. Rejects with `Violation` where they do not. */
  async untilReceived(count: number, patienceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const what = `${this.name} got ${this.#received} messages of ${this.#other}'s, of ${count}`
        reject(new Violation(`${what}, and no more for ${patienceMs} ms`))
      }, patienceMs)
    })
    try {
      while (this.#received < count) {
        await Promise.race([late, new Promise<void>((resolve) => (this.#came = resolve))])
      }
    } finally {
      clearTimeout(timer)
    }
  }

  #take({ content, to, from }: Message): void {
    if (from === this.#other) {
      const expected = `${canary} ${from} ${this.#received}`
      if (content !== expected) throw new Violation(`${this.name} expected "${expected}" and got "${content}"`)
      this.#received += 1
      return
    }
    if (content.includes(canary)) throw new Violation(`mail of ${this.#other} came from ${from}: ${content}`)
    if (to.toLowerCase() !== this.name && to !== '#all') throw new Violation(`${this.name} got mail to ${to}`)
  }

  /** What else has come: further messages, and nothing that it did not ask for. */
  #takeOthers(): Message[] {
    return this.#peer.frames.splice(0).flatMap((frame) => {
      if (frame.kind !== 'notification') {
        // Answers that are due were taken by who waits for them.
        throw new Violation(`${this.name} got what it had not asked for: ${JSON.stringify(frame)}`)
      }
      if (frame.method === 'message') return [frame.params]
      if (frame.method !== 'receipt') {
        throw new Violation(`${this.name} was told ${frame.method}, for which it had not asked`)
      }
      if (frame.params.name.toLowerCase() !== this.#other) {
        throw new Violation(`${this.name} got a receipt of ${frame.params.name}`)
      }
      return []
    })
  }
}

/** Two agents that talk until they are told to finish. */
export async function startBystanders(hub: FuzzedHub): Promise<Bystanders> {
  const peers = await Promise.all(['alice', 'bob'].map(async (name) => (await enter(hub, name)).peer))
  const alice = new Correspondent('alice', 'bob', peers[0]!)
  const bob = new Correspondent('bob', 'alice', peers[1]!)
  const finishing = new AbortController()
  let failure: Error | undefined

  async function talk(): Promise<void> {
    do {
      await Promise.all([alice.write(), bob.write()])
      await Promise.all([
        bob.untilReceived(alice.sends, hub.patienceMs),
        alice.untilReceived(bob.sends, hub.patienceMs),
      ])
    } while (!finishing.signal.aborted)
  }
  const closed = Promise.race(peers.map((peer) => peer.closed)).then(({ code }) => {
    throw new Violation(`a bystander's connection was closed with ${code}`)
  })
  const talking = Promise.race([talk(), alice.read(), bob.read(), closed]).catch((error: unknown) => {
    failure = error as Error
  })
  closed.catch(() => undefined)
  const check = (): void => {
    if (failure) throw failure
  }
  return {
    exchanged: () => alice.received + bob.received,
    check,
    async finish() {
      finishing.abort()
      await talking
      check()
    },
  }
}
