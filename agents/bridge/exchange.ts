import type { Socket } from 'node:net'
import type { Clock } from '../client/index.ts'
import { Arrival, type Allowance, type Progress } from './arrival.ts'
import { bridgeLimits } from './limits.ts'
import { errorFacts, type BridgeLog } from './log.ts'
import { refused, type Fate, type Outcome } from './outcome.ts'

export interface ExchangeOptions {
  readonly socket: Socket
  readonly allowance: Allowance
  readonly clock: Clock
  readonly log: BridgeLog
  /** Never rejects. */
  readonly answer: (request: unknown) => Promise<Outcome>
}

type Stage =
  | { readonly kind: 'arriving'; readonly arrival: Arrival }
  | { readonly kind: 'answering' }
  /** The answer is being handed to the system. `settle` is to hear whether the client took it. */
  | { readonly kind: 'writing'; readonly settle: Outcome['settle'] }
  /** All of it was, and the client has not hung up yet. */
  | { readonly kind: 'parting'; readonly settle: Outcome['settle'] }
  | { readonly kind: 'over' }

const nothing = Buffer.alloc(0)

/** One connection of an old client: one request, one answer. Resolves `finished` when nothing is left to do. */
export class Exchange {
  readonly finished: Promise<void>
  readonly #options: ExchangeOptions
  readonly #socket: Socket
  readonly #finish: () => void
  #stage: Stage
  /** The client has closed its half. It may be waiting for the answer, or be gone. */
  #halfClosed = false
  #cancelIdle: () => void = () => {}
  readonly #cancelAlarm: () => void

  constructor(options: ExchangeOptions) {
    const { socket, allowance, clock } = options
    const { promise, resolve } = Promise.withResolvers<void>()
    this.finished = promise
    this.#finish = resolve
    this.#options = options
    this.#socket = socket
    this.#stage = { kind: 'arriving', arrival: new Arrival(allowance) }
    this.#cancelAlarm = clock.after(bridgeLimits.arrivalMs, () => this.#late())
    this.#watchIdle()
    socket.on('data', (piece: Buffer) => this.#read(piece))
    socket.on('end', () => this.#ended())
    // 'close' follows, and says the same.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#end('lost'))
  }

  /** The bridge closes: a request that has not arrived is given up, one that is being answered is not. */
  close(): void {
    if (this.#stage.kind === 'arriving') this.#socket.destroy()
  }

  /** The time for that is over. */
  cut(): void {
    this.#end('unknown')
    this.#socket.destroy()
  }

  #read(piece: Buffer): void {
    // What follows the request is nobody's business; it is read so that it does not look like a reset.
    if (this.#stage.kind !== 'arriving') return
    this.#watchIdle()
    const progress = this.#stage.arrival.add(piece)
    if (progress.kind !== 'incomplete') this.#arrived(progress)
  }

  #ended(): void {
    this.#halfClosed = true
    if (this.#stage.kind === 'parting') return this.#end('taken')
    if (this.#stage.kind !== 'arriving') return
    // Somebody who only looks whether the port is open.
    if (this.#stage.arrival.isEmpty) return void this.#socket.end()
    this.#arrived({ kind: 'unfit', why: 'The request ends before its JSON does. Send the whole object.' })
  }

  #late(): void {
    if (this.#stage.kind !== 'arriving') return
    if (this.#stage.arrival.isEmpty) return void this.#socket.destroy()
    this.#arrived({ kind: 'unfit', why: 'The request took too long to arrive. Send it again as a whole.' })
  }

  #arrived(progress: Exclude<Progress, { kind: 'incomplete' }>): void {
    this.#settleArrival()
    this.#stage = { kind: 'answering' }
    if (progress.kind === 'unfit') return this.#write(refused(progress.why))
    void this.#options.answer(progress.value).then((outcome) => this.#write(outcome))
  }

  /**
   * Whether the client took its answer. One that is gone answers bytes with a reset, and then not even nothing
   * can be written. One that is there and has its half open closes it when it has read everything; where
   * something is unread, its system sends a reset. One that had closed its half before says no more.
   */
  #write({ answer, settle }: Outcome): void {
    if (this.#stage.kind !== 'answering') return void this.#settle(settle, 'lost')
    this.#stage = { kind: 'writing', settle }
    this.#cancelIdle = this.#options.clock.after(bridgeLimits.lingerMs, () => this.cut())
    this.#socket.write(JSON.stringify(answer), (error) => {
      if (error) return
      this.#socket.write(nothing, (error) => {
        if (error) return
        this.#stage = { kind: 'parting', settle }
        this.#socket.end()
        if (this.#halfClosed) this.#end('taken')
      })
    })
  }

  #end(fate: Fate): void {
    const stage = this.#stage
    if (stage.kind === 'over') return
    if (stage.kind === 'arriving') this.#settleArrival()
    this.#stage = { kind: 'over' }
    this.#cancelIdle()
    // An answer that is still being made finds the stage over.
    if (stage.kind === 'answering') return
    void this.#settle('settle' in stage ? stage.settle : undefined, fate)
  }

  async #settle(settle: Outcome['settle'], fate: Fate): Promise<void> {
    try {
      await settle?.(fate)
    } catch (error) {
      this.#options.log.error(errorFacts(error), 'an answer to an old client could not be settled')
    }
    this.#finish()
  }

  #settleArrival(): void {
    this.#cancelIdle()
    this.#cancelAlarm()
    if (this.#stage.kind === 'arriving') this.#stage.arrival.end()
  }

  #watchIdle(): void {
    this.#cancelIdle()
    this.#cancelIdle = this.#options.clock.after(bridgeLimits.idleMs, () => this.#late())
  }
}
