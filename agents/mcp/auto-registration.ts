import type { Client, ClientState } from '../client/client.ts'
import { ClientError } from '../client/client.ts'
import type { Clock } from '../client/clock.ts'
import { refusalOf, type Refusal } from './refusal.ts'

/** Milliseconds that a tool call waits for a registration that is under way. */
const patienceMs = 3_000

/** The registration that BELLHOP_NAME asks for, done in the background. */
export class AutoRegistration {
  readonly #client: Client
  readonly #clock: Clock
  readonly #name: string | undefined
  #attempt: Promise<void> | undefined
  #failure: Refusal | undefined

  constructor(client: Client, clock: Clock, name: string | undefined) {
    this.#client = client
    this.#clock = clock
    this.#name = name
  }

  /** Why it failed for good. */
  get failure(): Refusal | undefined {
    return this.#failure
  }

  start(): void {
    if (this.#name === undefined) return
    this.#client.on('state', this.#onState)
    this.#tryNow(this.#name)
  }

  stop(): void {
    this.#client.off('state', this.#onState)
  }

  /** Resolves when the present attempt is over, or has taken too long to wait for. */
  async settled(): Promise<void> {
    const attempt = this.#attempt
    if (!attempt) return
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(patienceMs, resolve)
      void attempt.finally(() => {
        cancel()
        resolve()
      })
    })
  }

  readonly #onState = (state: ClientState): void => {
    if (state.kind === 'ready' && this.#name !== undefined && !this.#client.registration) this.#tryNow(this.#name)
  }

  #tryNow(name: string): void {
    this.#attempt ??= this.#register(name).finally(() => (this.#attempt = undefined))
  }

  async #register(name: string): Promise<void> {
    try {
      await this.#client.register({ name })
      this.#failure = undefined
      this.stop()
    } catch (error) {
      this.#failure = refusalOf(error)
      const worthAnotherTry = error instanceof ClientError && (error.temporary || error.reason === 'hub_unreachable')
      if (!worthAnotherTry) this.stop()
    }
  }
}
