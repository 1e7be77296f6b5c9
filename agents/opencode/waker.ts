import type { ShimLink } from '../local/link.ts'
import type { Moment } from '../local/wire.ts'
import type { Part, PluginInput } from './api.ts'
import { budget } from './budget.ts'
import { within } from './patience.ts'
import type { Sessions } from './sessions.ts'

/** Milliseconds between two looks for a shim that is not there: events come by the hundred. */
const lookMs = 500
/** Milliseconds for a shim to answer that it is there. */
const findMs = 1_000
/** Milliseconds for a wake-up, for which nobody waits. */
const wakeMs = 10_000

type Ear =
  /** Nobody to listen to, when it was looked last (milliseconds of the process). */
  | { readonly kind: 'deaf'; readonly lookedAt: number }
  | { readonly kind: 'looking' }
  | { readonly kind: 'listening' }
  /** Another plugin of this process listens to the same shim. */
  | { readonly kind: 'superseded' }

export interface WakerParts {
  readonly client: PluginInput['client']
  readonly sessions: Pick<Sessions, 'current'>
  readonly find: (signal: AbortSignal) => Promise<ShimLink | undefined>
}

/**
 * Prompts the session that was used last when the bell rings, if it is idle. While it works, the ends of
 * its tools show the mail, and what is still unread at the end of its turn wakes it then.
 */
export class Waker {
  readonly #parts: WakerParts
  #ear: Ear = { kind: 'deaf', lookedAt: -Infinity }
  /** A ring that nobody could hear: its sentence. */
  #owed: string | undefined
  #isWaking = false
  readonly #sentences = new Set<string>()

  constructor(parts: WakerParts) {
    this.#parts = parts
  }

  /** Follows the bell from now on, if it does not yet. Call it often: the shim starts after the plugin. */
  listen(): void {
    if (this.#ear.kind !== 'deaf' || performance.now() - this.#ear.lookedAt < lookMs) return
    this.#ear = { kind: 'looking' }
    void this.#look()
  }

  /** Whether a message is one of our wake-ups, which brings its mail along. */
  isOwn(parts: readonly Part[]): boolean {
    return parts.some(({ text }) => text !== undefined && this.#sentences.has(text))
  }

  /** The session's turn has ended. */
  idle(sessionID: string): void {
    const { current } = this.#parts.sessions
    if (current?.id !== sessionID || this.#owed === undefined) return
    void this.#wake(this.#owed, 'end-of-turn')
  }

  /** A person who stops a session does not want it to go on by itself. The mail stands beside the next prompt. */
  interrupted(sessionID: string): void {
    if (this.#parts.sessions.current?.id === sessionID) this.#owed = undefined
  }

  async #look(): Promise<void> {
    let link: ShimLink | undefined
    await within(findMs, async (signal) => void (link = await this.#parts.find(signal)))
    if (!link) return this.#hear({ kind: 'deaf', lookedAt: performance.now() })
    this.#hear({ kind: 'listening' })
    link.listen(
      'opencode',
      ({ text }) => this.#rung(text),
      (why) => this.#hear(why === 'gone' ? { kind: 'deaf', lookedAt: performance.now() } : { kind: 'superseded' }),
    )
  }

  #hear(ear: Ear): void {
    this.#ear = ear
  }

  #rung(sentence: string): void {
    this.#sentences.add(sentence)
    const { current } = this.#parts.sessions
    if (!current || current.isBusy || this.#isWaking) this.#owed = sentence
    else void this.#wake(sentence, 'prompt')
  }

  async #wake(sentence: string, moment: Moment): Promise<void> {
    if (this.#isWaking) return
    this.#isWaking = true
    this.#owed = undefined
    await within(wakeMs, async (signal) => {
      const link = await this.#parts.find(signal)
      const offer = await link?.show({ moment, budget })
      // Shown on another route meanwhile: an empty prompt would cost a turn.
      if (!offer) return
      const { current } = this.#parts.sessions
      if (!current || current.isBusy) {
        this.#owed = sentence
        return offer.failed()
      }
      const { error } = await this.#parts.client.session
        .promptAsync({
          path: { id: current.id },
          body: {
            ...current.speaker,
            parts: [
              { type: 'text', text: sentence },
              { type: 'text', text: offer.text, synthetic: true },
            ],
          },
        })
        .catch((error: unknown) => ({ error }))
      if (error === undefined) await offer.written()
      else offer.failed()
    })
    this.#isWaking = false
    // It rang while the mail of this wake-up was fetched.
    if (this.#owed !== undefined && this.#parts.sessions.current?.isBusy === false)
      void this.#wake(this.#owed, 'prompt')
  }
}
