import { limits, type MessageId, type Route } from '../../protocol/index.ts'
import type { Clock } from './clock.ts'
import type { Connection } from './connection.ts'

export type AckState = 'offered' | 'shown'

/** Milliseconds before an acknowledgement that the hub could not store is repeated, unless it says when. */
const retryMs = 1_000

interface Batch {
  readonly ids: Set<MessageId>
  readonly state: AckState
  readonly route: Route
  readonly confirmed: (() => void)[]
}

/**
 * Acknowledgements that the hub has not confirmed. Those of one state and route that come in one turn
 * travel as one request; those that a broken connection took with it are repeated on the next.
 */
export class Acks {
  readonly #clock: Clock
  readonly #waiting = new Map<string, Batch>()
  readonly #underWay = new Set<Batch>()
  #line: Pick<Connection, 'call'> | undefined
  #flushing = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves when the hub has confirmed it, refused it for good, or `drop` was called. */
  add(ids: readonly MessageId[], state: AckState, route: Route): Promise<void> {
    if (ids.length === 0) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#keep({ ids: new Set(ids), state, route, confirmed: [resolve] })
    this.#flushSoon()
    return promise
  }

  /** Whether the hub has still to be told, or to confirm, that this message was shown. */
  has(id: MessageId): boolean {
    return [...this.#waiting.values(), ...this.#underWay].some(({ ids, state }) => state === 'shown' && ids.has(id))
  }

  /** Registered on this connection: repeats what is not confirmed. */
  attach(line: Pick<Connection, 'call'>): void {
    this.#line = line
    this.#flush()
  }

  detach(): void {
    this.#line = undefined
  }

  /** Another mailbox or ledger: nobody can confirm these any more. */
  drop(): void {
    const batches = [...this.#waiting.values(), ...this.#underWay]
    this.#waiting.clear()
    this.#underWay.clear()
    for (const { confirmed } of batches) for (const resolve of confirmed) resolve()
  }

  /** Resolves when what waits now is confirmed, or after so many milliseconds. */
  async settled(atMostMs: number): Promise<void> {
    const late = Promise.withResolvers<void>()
    const cancel = this.#clock.after(atMostMs, late.resolve)
    const batches = [...this.#waiting.values(), ...this.#underWay]
    const confirmed = batches.map((batch) => new Promise<void>((resolve) => batch.confirmed.push(resolve)))
    await Promise.race([Promise.all(confirmed), late.promise])
    cancel()
  }

  #keep(batch: Batch): void {
    const group = `${batch.state} ${batch.route}`
    const waiting = this.#waiting.get(group)
    if (!waiting) {
      this.#waiting.set(group, batch)
      return
    }
    for (const id of batch.ids) waiting.ids.add(id)
    waiting.confirmed.push(...batch.confirmed)
  }

  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    queueMicrotask(() => {
      this.#flushing = false
      this.#flush()
    })
  }

  #flush(): void {
    if (!this.#line) return
    const batches = [...this.#waiting.values()].flatMap(split)
    this.#waiting.clear()
    for (const batch of batches) this.#send(this.#line, batch)
  }

  #send(line: Pick<Connection, 'call'>, batch: Batch): void {
    this.#underWay.add(batch)
    line.call('ack', { ids: [...batch.ids], state: batch.state, route: batch.route }, (outcome) => {
      // Dropped meanwhile: its waiters have been answered.
      if (!this.#underWay.delete(batch)) return
      if (outcome.kind === 'lost') {
        this.#keep(batch)
      } else if (outcome.kind === 'refused' && outcome.error.temporary) {
        this.#keep(batch)
        this.#clock.after(outcome.error.retryAfterMs ?? retryMs, () => this.#flush())
      } else {
        for (const resolve of batch.confirmed) resolve()
      }
    })
  }
}

/** Pieces that fit in one request; waiters are told with the last. */
function split(batch: Batch): Batch[] {
  const ids = [...batch.ids]
  const pieces: Batch[] = []
  for (let from = 0; from < ids.length; from += limits.ackIds) {
    const isLast = from + limits.ackIds >= ids.length
    pieces.push({
      ...batch,
      ids: new Set(ids.slice(from, from + limits.ackIds)),
      confirmed: isLast ? batch.confirmed : [],
    })
  }
  return pieces
}
