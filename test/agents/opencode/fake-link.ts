import type { Offer, ShimLink } from '../../../agents/local/link.ts'
import type { Moment } from '../../../agents/local/wire.ts'

type Request = Parameters<ShimLink['show']>[0]

/** A shim without a socket: holds one piece of mail at a time, and says what became of it. */
export class FakeLink implements ShimLink {
  /** What the next `show` offers, once. */
  mail: string | undefined
  readonly asked: Moment[] = []
  readonly fates: string[] = []
  lastRequest: Request | undefined
  /** Holds every answer back until it resolves. */
  gate: Promise<void> = Promise.resolve()
  #onRing: ((ring: { text: string }) => void) | undefined
  #onEnd: ((why: 'gone' | 'superseded') => void) | undefined

  get isHeard(): boolean {
    return this.#onRing !== undefined
  }

  async show(request: Request): Promise<Offer | undefined> {
    this.asked.push(request.moment)
    this.lastRequest = request
    await this.gate
    const text = this.mail
    if (text === undefined) return undefined
    this.mail = undefined
    return {
      text,
      written: async () => void this.fates.push(`written: ${text}`),
      failed: () => {
        this.mail = text
        this.fates.push(`failed: ${text}`)
      },
    }
  }

  listen(...[, onRing, onEnd]: Parameters<ShimLink['listen']>): () => void {
    this.#onRing = onRing
    this.#onEnd = onEnd
    return () => undefined
  }

  ring(text: string): void {
    this.#onRing?.({ text })
  }

  end(why: 'gone' | 'superseded'): void {
    this.#onRing = undefined
    this.#onEnd?.(why)
  }
}
