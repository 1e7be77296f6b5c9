import type { RequestId } from '@modelcontextprotocol/sdk/types.js'
import type { Client } from '../../client/client.ts'
import type { MessageId, Route } from '../../../protocol/index.ts'
import type { Proofs } from '../proofs.ts'
import type { Inbox } from './inbox.ts'

/** What one result carries to the reader's eyes. */
export interface Load {
  readonly ids: readonly MessageId[]
  readonly route: Route
  /** Puts back what else the result would have said once. */
  readonly putBack?: () => void
}

/** Whether a load was completely written to the assistant. */
export type Landing = 'written' | 'failed'

/**
 * Results between "made" and "completely written". Only a written result has shown its mail; a call
 * that is cancelled before, or a write that fails, gives the mail back [D-2].
 */
export class Deliveries {
  readonly #inbox: Inbox
  readonly #client: Pick<Client, 'ack'>
  readonly #proofs: Pick<Proofs, 'shown'>
  readonly #loads = new Map<RequestId, (landing: Landing) => void>()

  constructor(inbox: Inbox, client: Pick<Client, 'ack'>, proofs: Pick<Proofs, 'shown'>) {
    this.#inbox = inbox
    this.#client = client
    this.#proofs = proofs
  }

  /** Watches over a load until the answer is called with what became of it; only the first call counts. */
  carry(load: Load): (landing: Landing) => void {
    let landed = false
    return (landing) => {
      if (landed) return
      landed = true
      if (landing === 'failed') return this.#release(load)
      if (load.ids.length === 0) return
      this.#inbox.shown(load.ids)
      this.#proofs.shown(load.ids, load.route)
      void this.acknowledge(load.ids, load.route)
    }
  }

  /** Keeps what is to happen when the result of a request was written, or could not be, or was cancelled. */
  hold(request: RequestId, land: (landing: Landing) => void, signal: AbortSignal): void {
    if (signal.aborted) return land('failed')
    this.#loads.set(request, land)
    signal.addEventListener('abort', () => this.#loads.get(request) === land && this.settle(request, 'failed'), {
      once: true,
    })
  }

  /** The response to a request was written, or could not be. */
  settle(request: RequestId, landing: Landing): void {
    const land = this.#loads.get(request)
    this.#loads.delete(request)
    land?.(landing)
  }

  /** Tells the hub, as often as it takes; `confirmed` follows its answer. */
  async acknowledge(ids: readonly MessageId[], route: Route): Promise<void> {
    try {
      await this.#client.ack(ids, 'shown', route)
    } catch {
      // The hub refused: it does not hold them any more, or not for this name. They were shown all the same.
    }
    this.#inbox.confirmed(ids)
  }

  /** A route that cannot confirm has had it: it stays unread, and says so where it is shown again. */
  async offered(ids: readonly MessageId[], route: Route): Promise<void> {
    if (ids.length === 0) return
    this.#inbox.offered(ids, route)
    try {
      await this.#client.ack(ids, 'offered', route)
    } catch {
      // Only news for its sender; the mail itself is as it was.
    }
  }

  #release({ ids, putBack }: Load): void {
    this.#inbox.release(ids)
    putBack?.()
  }
}
