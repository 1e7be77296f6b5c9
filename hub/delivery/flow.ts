import type { Message } from '../../protocol/index.ts'

/** What a flow asks of the world: its reader's unread mail, and a way to push. */
export interface FlowSource {
  /** Unread messages after a position, ascending. */
  read(after: number, limit: number): Promise<readonly Message[]>
  /** How many unread messages stand at or before a position. */
  countBefore(seq: number): Promise<number>
  push(message: Message): void
}

/** Messages read from disk at a time. */
const readAhead = 128

/**
 * Pushes one agent's mail in order, and holds no more than the client's window unacknowledged in
 * flight [D-5]. While the reader keeps up, a new message goes out as it was committed; otherwise it
 * stays on disk, and is read from there as acknowledgements come. Nothing is buffered here.
 */
export class Flow {
  readonly #source: FlowSource
  readonly #window: number
  /** Everything up to here has been pushed. */
  #cursor = 0
  #inFlight = 0
  /** There may be mail after the cursor that was not pushed. */
  #behind = true
  #state: 'held' | 'idle' | 'reading' | 'ended' = 'held'

  constructor(source: FlowSource, window: number) {
    this.#source = source
    this.#window = window
  }

  /** Begins after `cursor`; the client holds `inFlight` unacknowledged messages already. */
  start(cursor: number, inFlight: number): Promise<void> {
    this.#cursor = cursor
    this.#inFlight = inFlight
    this.#behind = true
    if (this.#state === 'held') this.#state = 'idle'
    return this.#pump()
  }

  /** A message was committed. Only ever called in the order of `seq`. */
  offer(message: Message, push: () => void): void {
    if (this.#state !== 'idle' || this.#behind || this.#inFlight >= this.#window) {
      this.#behind = true
      return
    }
    this.#cursor = message.seq
    this.#inFlight += 1
    push()
  }

  /** So many pushed messages were acknowledged as shown. */
  settled(count: number): Promise<void> {
    this.#inFlight = Math.max(0, this.#inFlight - count)
    return this.#behind ? this.#pump() : Promise.resolve()
  }

  /** Counts anew what is in flight: messages that expired in the reader's hands are never acknowledged. */
  async recount(): Promise<void> {
    if (this.#state !== 'idle' || this.#inFlight === 0) return
    const cursor = this.#cursor
    const inFlight = await this.#source.countBefore(cursor)
    // What was pushed meanwhile is not in this count; the next one has it.
    if (this.#state !== 'idle' || this.#cursor !== cursor) return
    this.#inFlight = inFlight
    await this.#pump()
  }

  /** Mail may have appeared before the cursor: push everything unread again; the client knows what it holds. */
  async restart(): Promise<void> {
    this.#cursor = 0
    this.#inFlight = 0
    this.#behind = true
    await this.#pump()
  }

  end(): void {
    this.#state = 'ended'
  }

  async #pump(): Promise<void> {
    if (this.#state !== 'idle') return
    this.#state = 'reading'
    try {
      while (this.#behind && this.#inFlight < this.#window) {
        const from = this.#cursor
        const limit = Math.min(readAhead, this.#window - this.#inFlight)
        // Cleared before the read: what is committed while it runs sets it again.
        this.#behind = false
        const messages = await this.#source.read(from, limit)
        if (!this.#isReading()) return
        if (this.#cursor !== from) continue
        for (const message of messages) {
          this.#cursor = message.seq
          this.#inFlight += 1
          this.#source.push(message)
        }
        if (messages.length === limit) this.#behind = true
      }
    } finally {
      if (this.#isReading()) this.#state = 'idle'
    }
  }

  /** Asked anew after each await: the flow may have ended meanwhile. */
  #isReading(): boolean {
    return this.#state === 'reading'
  }
}
