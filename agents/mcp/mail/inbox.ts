import type { Message, MessageId, Route } from '../../../protocol/index.ts'
import type { Clock } from '../../client/clock.ts'

/** Ids that stay known after their mail was shown, so that a hub that repeats itself is not. */
const rememberedIds = 4_096

/** Where a message stands between the push and the hub's confirmation that it was shown. */
type Entry =
  /** `unfetched`: an earlier result could not get its body. */
  | { readonly state: 'unread'; readonly message: Message; readonly unfetched: boolean }
  /** In a result that is being made or written. `void`: the hub took it back meanwhile. */
  | { readonly state: 'claimed'; readonly message: Message; readonly void: boolean }
  /** In a result that was written; the hub does not know yet. */
  | { readonly state: 'shown'; readonly message: Message }

/** What became of a message that the client emitted. */
export type Added = 'new' | 'held' | 'shown-before'

/**
 * Mail that was pushed to this shim, oldest first: unread → claimed (by one tool call) → shown.
 * Claiming is synchronous, so two calls never hold the same message [D-2].
 */
export class Inbox {
  readonly #clock: Clock
  readonly #entries = new Map<MessageId, Entry>()
  readonly #shownIds = new Set<MessageId>()
  readonly #listeners = new Set<(message: Message) => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Messages between push and confirmation: what the hub counts as unread, as far as this shim has it. */
  get held(): number {
    return this.#entries.size
  }

  add(message: Message): Added {
    if (this.#shownIds.has(message.id)) return 'shown-before'
    const entry = this.#entries.get(message.id)
    if (entry) {
      if (entry.state === 'claimed') this.#entries.set(message.id, { ...entry, void: false })
      return 'held'
    }
    this.#entries.set(message.id, { state: 'unread', message, unfetched: false })
    this.#announce(message)
    return 'new'
  }

  /** The hub will push afresh: what nobody is showing goes. */
  reset(): void {
    for (const [id, entry] of this.#entries) {
      if (entry.state === 'unread') this.#entries.delete(id)
      if (entry.state === 'claimed') this.#entries.set(id, { ...entry, void: true })
    }
  }

  /** Unread mail, oldest first, without what has expired. */
  unread(): readonly Message[] {
    return this.#unreadEntries().map(({ message }) => message)
  }

  /** Whether a blocked reader is to be interrupted: low priority never does [D-9], nor a body that could not be had. */
  hasInterrupting(): boolean {
    return this.#unreadEntries().some(({ message, unfetched }) => message.priority !== 'low' && !unfetched)
  }

  /** Claims unread mail from the oldest on, as long as `fits` says so; `anywhere`: whatever fits. */
  claimWhile(fits: (message: Message) => boolean, { anywhere = false } = {}): readonly Message[] {
    const claimed: Message[] = []
    for (const { message } of this.#unreadEntries()) {
      if (!fits(message)) {
        if (anywhere) continue
        break
      }
      this.#entries.set(message.id, { state: 'claimed', message, void: false })
      claimed.push(message)
    }
    return claimed
  }

  /** Gives claimed mail back: it is unread again, in its old place. */
  release(ids: readonly MessageId[], { unfetched = false } = {}): void {
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry?.state !== 'claimed') continue
      if (entry.void) {
        this.#entries.delete(id)
        continue
      }
      this.#entries.set(id, { state: 'unread', message: entry.message, unfetched })
      // A reader who blocked meanwhile has missed it; one who would only fail to fetch it again has not.
      if (!unfetched) this.#announce(entry.message)
    }
  }

  /** Unread mail went by a route that cannot confirm that it was seen. */
  offered(ids: readonly MessageId[], route: Route): void {
    const at = new Date(this.#clock.now()).toISOString()
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry?.state !== 'unread') continue
      this.#entries.set(id, { ...entry, message: { ...entry.message, offered: { route, at } } })
    }
  }

  /** Claimed mail was completely written. */
  shown(ids: readonly MessageId[]): void {
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry?.state === 'claimed') this.#entries.set(id, { state: 'shown', message: entry.message })
    }
  }

  /** The hub knows that it was shown. */
  confirmed(ids: readonly MessageId[]): void {
    for (const id of ids) {
      if (this.#entries.get(id)?.state !== 'shown') continue
      this.#entries.delete(id)
      this.#shownIds.add(id)
    }
    for (const id of this.#shownIds) {
      if (this.#shownIds.size <= rememberedIds) break
      this.#shownIds.delete(id)
    }
  }

  /** Calls back for each message that becomes unread; the answer ends it. */
  onUnread(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #announce(message: Message): void {
    for (const listener of this.#listeners) listener(message)
  }

  #unreadEntries(): (Entry & { state: 'unread' })[] {
    const unread: (Entry & { state: 'unread' })[] = []
    for (const [id, entry] of this.#entries) {
      if (entry.state !== 'unread') continue
      if (Date.parse(entry.message.expiresAt) <= this.#clock.now()) this.#entries.delete(id)
      else unread.push(entry)
    }
    return unread
  }
}
