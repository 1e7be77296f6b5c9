import type { Client } from '../client/client.ts'
import type { Route } from '../../protocol/index.ts'

/** Routes while nothing blocks: what the client registers with. */
export const idleRoutes: readonly Route[] = ['tool_result']
const waitingRoutes: readonly Route[] = ['wait', 'tool_result']

/** Keeps the hub informed whether a `wait` is blocked, so that senders are told the truth [D-7]. */
export class Reach {
  readonly #client: Pick<Client, 'request'>
  #waiting = 0

  constructor(client: Pick<Client, 'request'>) {
    this.#client = client
  }

  get routes(): readonly Route[] {
    return this.#waiting > 0 ? waitingRoutes : idleRoutes
  }

  /** A `wait` blocks from now on; call the answer once when it no longer does. */
  begin(): () => void {
    this.#waiting += 1
    if (this.#waiting === 1) this.tell()
    return () => {
      this.#waiting -= 1
      if (this.#waiting === 0) this.tell()
    }
  }

  /** After a new attachment: the hub starts from the routes that the client registered with. */
  attached(): void {
    if (this.#waiting > 0) this.tell()
  }

  tell(): void {
    // Only an announcement: without it senders expect less than they get.
    this.#client.request('reach', { routes: [...this.routes] }).catch(() => undefined)
  }
}
