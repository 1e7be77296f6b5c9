import type { RequestId } from '@modelcontextprotocol/sdk/types.js'
import type { Client } from '../../client/client.ts'
import type { MessageId } from '../../../protocol/index.ts'
import type { Inbox } from './inbox.ts'

/** What one result carries to the reader's eyes. */
export interface Load {
  readonly ids: readonly MessageId[]
  readonly route: 'wait' | 'tool_result'
  /** Puts back what else the result would have said once. */
  readonly putBack: () => void
}

/**
 * Results between "made" and "completely written". Only a written result has shown its mail; a call
 * that is cancelled before, or a write that fails, gives the mail back [D-2].
 */
export class Deliveries {
  readonly #inbox: Inbox
  readonly #client: Pick<Client, 'ack'>
  readonly #loads = new Map<RequestId, Load>()

  constructor(inbox: Inbox, client: Pick<Client, 'ack'>) {
    this.#inbox = inbox
    this.#client = client
  }

  /** Watches over the mail in the result of a request until `settle`. */
  hold(request: RequestId, load: Load, signal: AbortSignal): void {
    if (signal.aborted) return this.#release(load)
    this.#loads.set(request, load)
    signal.addEventListener('abort', () => this.#loads.get(request) === load && this.settle(request, 'failed'), {
      once: true,
    })
  }

  /** The response to a request was written, or could not be. */
  settle(request: RequestId, outcome: 'written' | 'failed'): void {
    const load = this.#loads.get(request)
    if (!load) return
    this.#loads.delete(request)
    if (outcome === 'failed') return this.#release(load)
    if (load.ids.length === 0) return
    this.#inbox.shown(load.ids)
    void this.acknowledge(load.ids, load.route)
  }

  /** Tells the hub, as often as it takes; `confirmed` follows its answer. */
  async acknowledge(ids: readonly MessageId[], route: Load['route']): Promise<void> {
    try {
      await this.#client.ack(ids, 'shown', route)
    } catch {
      // The hub refused: it does not hold them any more, or not for this name. They were shown all the same.
    }
    this.#inbox.confirmed(ids)
  }

  #release({ ids, putBack }: Load): void {
    this.#inbox.release(ids)
    putBack()
  }
}
