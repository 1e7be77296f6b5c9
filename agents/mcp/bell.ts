import type { AutoCheck, Message, MessageId, Route } from '../../protocol/index.ts'
import type { Clock } from '../client/clock.ts'
import type { Moment } from '../local/wire.ts'
import type { Ringer } from './routes/ringer.ts'
import type { Turns } from './turns.ts'

export interface BellStatus {
  readonly autoCheck: AutoCheck
  /** Milliseconds since 1970 of the last ring, or of the last mail that a hook showed. */
  readonly lastAt: number | undefined
  /** End of the present interval; undefined where the bell is off or rings at once. */
  readonly nextAt: number | undefined
}

type Schedule =
  | { readonly kind: 'off' }
  | { readonly kind: 'at-once' }
  | { readonly kind: 'digest'; readonly minutes: number; readonly nextAt: number; readonly cancel: () => void }

interface BellParts {
  readonly clock: Clock
  readonly unread: () => readonly Message[]
  /** Best first. */
  readonly ringers: () => readonly Ringer[]
  readonly turns: Pick<Turns, 'busyFor'>
  /** Mail was announced by a route that cannot confirm that it is read. */
  readonly offered: (ids: readonly MessageId[], route: Route) => void
}

/**
 * Auto-check: when mail may be shown or announced without being asked for. With 0 minutes that is at
 * once, with N at the end of each interval in which mail came that is still unread. Urgent mail ignores
 * the interval, low mail never rings [D-9].
 */
export class Bell {
  readonly #parts: BellParts
  readonly #clock: Clock
  /** Unread mail that was announced, by a waker and by the others: for it they do not ring again. */
  readonly #woken = new Set<MessageId>()
  readonly #told = new Set<MessageId>()
  #schedule: Schedule = { kind: 'off' }
  /** Mail of an interval that is over, until all of it was shown. */
  #digest: ReadonlySet<MessageId> = new Set()
  #lastAt: number | undefined
  #cancelSoon: (() => void) | undefined

  constructor(parts: BellParts) {
    this.#parts = parts
    this.#clock = parts.clock
  }

  /** Follows the hub's setting. The same setting again leaves a running interval alone. */
  configure(autoCheck: AutoCheck): void {
    if (sameSetting(autoCheck, this.status().autoCheck)) return
    this.close()
    if (!autoCheck.enabled) return
    if (autoCheck.minutes === 0) this.#schedule = { kind: 'at-once' }
    else this.#startInterval(autoCheck.minutes)
    this.rouse()
  }

  /** A message became unread: it came, or a result that carried it was never written. */
  arrived({ priority }: Message): void {
    if (priority !== 'low') this.rouse()
  }

  /** Rings in the next turn, if there is something to ring for: a page of mail makes one ring, and a blocked `wait` takes its mail first. */
  rouse(): void {
    if (this.#schedule.kind !== 'off') this.#ringIn(0)
  }

  /** Whether a hook may show unread mail now. Low mail interrupts no work, but may stand beside a prompt. */
  isDue(moment: Moment): boolean {
    if (this.#schedule.kind === 'off') return false
    return this.#parts.unread().some((message) => {
      if (this.#schedule.kind === 'at-once' && moment === 'prompt') return true
      return message.priority !== 'low' && this.#isRipe(message)
    })
  }

  /** A hook has shown mail. */
  shown(): void {
    this.#lastAt = this.#clock.now()
  }

  status(): BellStatus {
    const schedule = this.#schedule
    return {
      autoCheck: { enabled: schedule.kind !== 'off', minutes: schedule.kind === 'digest' ? schedule.minutes : 0 },
      lastAt: this.#lastAt,
      nextAt: schedule.kind === 'digest' ? schedule.nextAt : undefined,
    }
  }

  close(): void {
    if (this.#schedule.kind === 'digest') this.#schedule.cancel()
    this.#schedule = { kind: 'off' }
    this.#digest = new Set()
    this.#cancelSoon?.()
    this.#cancelSoon = undefined
  }

  #startInterval(minutes: number): void {
    const ms = minutes * 60_000
    const cancel = this.#clock.after(ms, () => {
      this.#startInterval(minutes)
      this.#digest = new Set(this.#parts.unread().map(({ id }) => id))
      this.rouse()
    })
    this.#schedule = { kind: 'digest', minutes, nextAt: this.#clock.now() + ms, cancel }
  }

  /** Whether the interval leaves this message to be announced. */
  #isRipe({ id, priority }: Message): boolean {
    return this.#schedule.kind === 'at-once' || priority === 'urgent' || this.#digest.has(id)
  }

  #ringIn(ms: number): void {
    if (ms === 0) this.#cancelSoon?.()
    else if (this.#cancelSoon) return
    this.#cancelSoon = this.#clock.after(ms, () => {
      this.#cancelSoon = undefined
      this.#ring()
    })
  }

  #ring(): void {
    const fresh = this.#parts.unread().filter((message) => message.priority !== 'low' && this.#isRipe(message))
    const ready = this.#parts.ringers().filter((ringer) => ringer.isReady())
    for (const ringer of ready) if (!ringer.wakes) this.#announce(ringer, fresh, this.#told)
    const waker = ready.find(({ wakes }) => wakes)
    if (!waker || fresh.every(({ id }) => this.#woken.has(id))) return
    const early = waker.busyMs - (this.#parts.turns.busyFor ?? waker.busyMs)
    // Hooks show it without costing a turn, as long as there are signs of work.
    if (early > 0) this.#ringIn(early)
    else this.#announce(waker, fresh, this.#woken)
  }

  #announce(ringer: Ringer, fresh: readonly Message[], announced: Set<MessageId>): void {
    const ids = fresh.map(({ id }) => id).filter((id) => !announced.has(id))
    if (ids.length === 0) return
    const unread = this.#parts.unread()
    for (const id of announced) if (!unread.some((message) => message.id === id)) announced.delete(id)
    for (const id of ids) announced.add(id)
    const urgent = fresh.some(({ priority }) => priority === 'urgent')
    const settle = (heard: boolean): void => {
      if (!heard) return void ids.map((id) => announced.delete(id))
      this.#lastAt = this.#clock.now()
      if (ringer.wakes) this.#parts.offered(ids, ringer.route)
    }
    void ringer.ring({ unread: unread.length, urgent }).then(settle, () => settle(false))
  }
}

function sameSetting(one: AutoCheck, other: AutoCheck): boolean {
  return one.enabled === other.enabled && (!one.enabled || one.minutes === other.minutes)
}
