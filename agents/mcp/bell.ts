import type { AutoCheck, Message } from '../../protocol/index.ts'
import type { Clock } from '../client/clock.ts'

/** A way to draw an assistant's attention to unread mail: MCP notifications now, wakers of the vendors later. */
export interface Ringer {
  /** False where there was nobody to hear it: then the mail counts as not announced. */
  ring(mail: { readonly unread: number; readonly urgent: boolean }): boolean
}

export interface BellStatus {
  readonly autoCheck: AutoCheck
  /** Milliseconds since 1970. */
  readonly lastRingAt: number | undefined
  /** End of the present interval; undefined where the bell is off or rings at once. */
  readonly nextRingAt: number | undefined
}

type Schedule =
  | { readonly kind: 'off' }
  | { readonly kind: 'at-once' }
  | { readonly kind: 'digest'; readonly minutes: number; readonly nextAt: number; readonly cancel: () => void }

/**
 * Auto-check. On with 0 minutes it rings at once; with N minutes it rings once at the end of each
 * interval in which mail came that is still unread. Urgent mail ignores the interval, low mail never
 * rings [D-9].
 */
export class Bell {
  readonly #clock: Clock
  readonly #ringer: Ringer
  readonly #unread: () => readonly Message[]
  /** Unread mail that a ring has announced: it does not ring again. */
  #announced: ReadonlySet<string> = new Set()
  #schedule: Schedule = { kind: 'off' }
  #lastRingAt: number | undefined
  #cancelSoon: (() => void) | undefined

  constructor(parts: { clock: Clock; ringer: Ringer; unread: () => readonly Message[] }) {
    this.#clock = parts.clock
    this.#ringer = parts.ringer
    this.#unread = parts.unread
  }

  /** Follows the hub's setting. The same setting again leaves a running interval alone. */
  configure(autoCheck: AutoCheck): void {
    if (sameSetting(autoCheck, this.status().autoCheck)) return
    this.close()
    if (!autoCheck.enabled) return
    if (autoCheck.minutes === 0) this.#schedule = { kind: 'at-once' }
    else this.#startInterval(autoCheck.minutes)
    // Mail that came while the bell was off or slower has waited long enough for its first ring.
    if (autoCheck.minutes === 0) this.#ringSoon()
  }

  /** A message became unread: it came, or a result that carried it was never written. */
  arrived(message: Message): void {
    if (message.priority === 'low') return
    if (this.#schedule.kind === 'at-once') this.#ringSoon()
    if (this.#schedule.kind === 'digest' && message.priority === 'urgent') this.#ringSoon()
  }

  status(): BellStatus {
    const schedule = this.#schedule
    return {
      autoCheck: { enabled: schedule.kind !== 'off', minutes: schedule.kind === 'digest' ? schedule.minutes : 0 },
      lastRingAt: this.#lastRingAt,
      nextRingAt: schedule.kind === 'digest' ? schedule.nextAt : undefined,
    }
  }

  close(): void {
    if (this.#schedule.kind === 'digest') this.#schedule.cancel()
    this.#schedule = { kind: 'off' }
    this.#cancelSoon?.()
    this.#cancelSoon = undefined
  }

  #startInterval(minutes: number): void {
    const ms = minutes * 60_000
    const cancel = this.#clock.after(ms, () => {
      this.#startInterval(minutes)
      this.#ring()
    })
    this.#schedule = { kind: 'digest', minutes, nextAt: this.#clock.now() + ms, cancel }
  }

  /** In the next turn: a page of mail makes one ring, and a blocked `wait` takes its mail first. */
  #ringSoon(): void {
    this.#cancelSoon ??= this.#clock.after(0, () => {
      this.#cancelSoon = undefined
      this.#ring()
    })
  }

  #ring(): void {
    const unread = this.#unread()
    const fresh = unread.filter(({ id, priority }) => priority !== 'low' && !this.#announced.has(id))
    if (fresh.length === 0) return
    const urgent = fresh.some(({ priority }) => priority === 'urgent')
    if (!this.#ringer.ring({ unread: unread.length, urgent })) return
    this.#lastRingAt = this.#clock.now()
    this.#announced = new Set(unread.filter(({ priority }) => priority !== 'low').map(({ id }) => id))
  }
}

function sameSetting(one: AutoCheck, other: AutoCheck): boolean {
  return one.enabled === other.enabled && (!one.enabled || one.minutes === other.minutes)
}
