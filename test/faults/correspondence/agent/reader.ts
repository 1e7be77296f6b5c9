import type { Client } from '../../../../agents/client/index.ts'
import type { Message } from '../../../../protocol/index.ts'
import { digestOf } from './body.ts'
import { tell } from './journal.ts'

/** One message in so many is offered to a route that cannot confirm before it is shown. */
const offerEvery = 7
/** Milliseconds without any mail after which it is taken for lost: far more than any push takes. */
const patienceMs = 20_000

/** Shows what comes, in its order, each whole, and acknowledges it then: the order of the real shim. */
export class Reader {
  readonly #client: Client
  readonly #agent: string
  readonly #answer: (message: Message) => void
  readonly #unconfirmed = new Set<Promise<void>>()
  #showing: Promise<void> = Promise.resolve()
  /** Counts what made everything that was not shown yet void. */
  #voids = 0
  #arrived = Promise.withResolvers<void>()

  /** `answer` is called for each message that has been shown. */
  constructor(client: Client, agent: string, answer: (message: Message) => void) {
    this.#client = client
    this.#agent = agent
    this.#answer = answer
    client.on('reset', () => (this.#voids += 1))
    client.on('message', (message) => {
      const voids = this.#voids
      this.#showing = this.#showing.then(() => (voids === this.#voids ? this.#show(message, voids) : undefined))
      this.#arrived.resolve()
      this.#arrived = Promise.withResolvers()
    })
  }

  /** Resolves when nothing waits any more, or when what waits does not come. */
  async finish(): Promise<void> {
    for (;;) {
      const next = this.#arrived.promise
      await this.#showing
      await Promise.all(this.#unconfirmed)
      const { agent } = await this.#client.request('status', {})
      if (agent?.waiting === 0) return
      const arrived = await Promise.race([next.then(() => true), later(patienceMs)])
      if (!arrived) return
    }
  }

  async #show(message: Message, voids: number): Promise<void> {
    const { id, seq, from, data, blob } = message
    const body = blob ? await this.#client.download(blob, { timeoutMs: 60_000 }) : message.content
    if (voids !== this.#voids) return
    if (message.kind === 'notice') return this.#acknowledge(message)
    if (seq % offerEvery === 0) {
      tell({ kind: 'offering', agent: this.#agent, id })
      void this.#client.ack([id], 'offered', 'channel')
    }
    const { attempt } = (data ?? {}) as { attempt?: string }
    const known = attempt !== undefined && { attempt }
    tell({ kind: 'shown', agent: this.#agent, id, seq, from, digest: digestOf(body), ...known })
    this.#acknowledge(message)
    this.#answer(message)
  }

  #acknowledge({ id }: Message): void {
    const confirmed = this.#untilConfirmed(id).finally(() => this.#unconfirmed.delete(confirmed))
    this.#unconfirmed.add(confirmed)
  }

  async #untilConfirmed(id: Message['id']): Promise<void> {
    await this.#client.ack([id], 'shown', 'fetch')
    tell({ kind: 'acknowledged', agent: this.#agent, id })
  }
}

function later(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms).unref())
}
