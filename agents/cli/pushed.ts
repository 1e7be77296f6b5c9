import type { Message } from '../../protocol/index.ts'
import type { Client, Clock } from '../client/index.ts'

/** What the hub has pushed, from before the registration on: the first pushes come right behind its answer. */
export class Pushed {
  readonly messages: Message[] = []
  readonly #client: Pick<Client, 'on' | 'state'>
  readonly #clock: Clock
  #wake: () => void = () => undefined

  constructor(client: Pick<Client, 'on' | 'state'>, clock: Clock) {
    this.#client = client
    this.#clock = clock
    client.on('message', (message) => {
      this.messages.push(message)
      this.#wake()
    })
    client.on('state', () => this.#wake())
  }

  /**
   * What `look` finds, asked now and after every arrival; undefined where it finds nothing in so many
   * milliseconds. Rejects with a `ClientError` where the client has ended for good.
   */
  async until<T>(look: () => T | undefined, ms: number | undefined): Promise<T | undefined> {
    let isLate = false
    const cancel = this.#clock.after(ms ?? forever, () => {
      isLate = true
      this.#wake()
    })
    try {
      for (;;) {
        const found = look()
        if (found !== undefined) return found
        const { state } = this.#client
        if (state.kind === 'closed' && state.cause) throw state.cause
        if (isLate) return undefined
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      cancel()
    }
  }
}

/** The longest that a timer of Node takes, in milliseconds: 24 days. */
const forever = 2 ** 31 - 1
