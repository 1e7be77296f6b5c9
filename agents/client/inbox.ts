import { limits, type Message, type MessageId, type Position, type Route } from '../../protocol/index.ts'
import { Recent } from './recent.ts'

type Place = ReturnType<typeof Position.parse>

/** Ids of acknowledged messages that are remembered at least: several whole windows [D-5]. */
const remembered = 4 * limits.windowMax

/** What became of a pushed message at this client. */
export type Arrival =
  | { readonly kind: 'new' }
  | { readonly kind: 'held' }
  /** Acknowledged as shown already: say it again if the hub does not know. */
  | { readonly kind: 'shown'; readonly route: Route }

/**
 * What a registration means for what is held. `continued`: pushes go on right behind it. `afresh`: it is
 * void and will be pushed again. `elsewhere`: so it is, and acknowledgements under way are void as well.
 */
export type Continuity = 'continued' | 'afresh' | 'elsewhere'

/**
 * Which pushed messages this client has emitted, and how far it has come [D-3]. The hub may push a
 * message again; it is emitted once. Memory is bounded: by the hub's window for what is held, and by
 * twice `remembered` for what was shown.
 */
export class Inbox {
  readonly #held = new Set<MessageId>()
  readonly #shown = new Recent<MessageId, Route>(remembered)
  #position: Place | undefined

  /** Everything up to here was pushed; undefined before the first registration. */
  get position(): Place | undefined {
    return this.#position
  }

  arrive({ id, seq }: Pick<Message, 'id' | 'seq'>): Arrival {
    if (this.#position && seq > this.#position.seq) this.#position = { ...this.#position, seq }
    const route = this.#shown.get(id)
    if (route) return { kind: 'shown', route }
    if (this.#held.has(id)) return { kind: 'held' }
    this.#held.add(id)
    return { kind: 'new' }
  }

  shown(ids: readonly MessageId[], route: Route): void {
    for (const id of ids) {
      this.#held.delete(id)
      this.#shown.set(id, route)
    }
  }

  /**
   * After a registration. Unless the hub goes on behind our position, what is held is void. What was
   * shown stays shown as long as it is the same mailbox in the same ledger, so that a message whose
   * acknowledgement was under way is not shown twice.
   */
  attach({ epoch, recovered, sameMailbox }: { epoch: string; recovered: boolean; sameMailbox: boolean }): Continuity {
    const sameLedger = sameMailbox && this.#position?.epoch === epoch
    if (recovered && sameLedger) return 'continued'
    this.#held.clear()
    if (!sameLedger) this.#shown.clear()
    this.#position = { epoch, seq: 0 }
    return sameLedger ? 'afresh' : 'elsewhere'
  }

  clear(): void {
    this.#held.clear()
    this.#shown.clear()
    this.#position = undefined
  }
}
