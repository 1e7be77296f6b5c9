import type { Client } from '../client/client.ts'
import { Route } from '../../protocol/index.ts'

/** Routes that are always open: what the client registers with. */
export const idleRoutes: readonly Route[] = ['tool_result']

/** Keeps the hub informed by which routes mail reaches this assistant now, so that senders are told the truth [D-7]. */
export class Reach {
  readonly #client: Pick<Client, 'request'>
  readonly #open = new Map<Route, number>()
  /** What was last said, and what the hub has confirmed: with that the client comes back after a break. */
  #told = idleRoutes.join()
  #confirmed = idleRoutes.join()

  constructor(client: Pick<Client, 'request'>) {
    this.#client = client
  }

  get routes(): readonly Route[] {
    return Route.options.filter((route) => idleRoutes.includes(route) || this.#open.has(route))
  }

  /** A route is open from now on; call the answer once when it no longer is. */
  open(route: Route): () => void {
    this.#count(route, 1)
    return () => this.#count(route, -1)
  }

  /** After a new attachment: what was said and not confirmed before it is lost. */
  attached(): void {
    this.#told = this.#confirmed
    this.#tell()
  }

  #count(route: Route, change: 1 | -1): void {
    const count = (this.#open.get(route) ?? 0) + change
    if (count > 0) this.#open.set(route, count)
    else this.#open.delete(route)
    this.#tell()
  }

  #tell(): void {
    const routes = this.routes
    const said = routes.join()
    if (said === this.#told) return
    this.#told = said
    this.#client.request('reach', { routes: [...routes] }).then(
      () => (this.#confirmed = said),
      // Only an announcement, and made again after the break that it was lost in.
      () => undefined,
    )
  }
}
