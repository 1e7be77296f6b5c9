import type { Client } from '../client/client.ts'
import { Route } from '../../protocol/index.ts'

/** Routes that are always open: what the client registers with. */
export const idleRoutes: readonly Route[] = ['tool_result']

/** Keeps the hub informed by which routes mail reaches this assistant now, so that senders are told the truth [D-7]. */
export class Reach {
  readonly #client: Pick<Client, 'request'>
  readonly #open = new Map<Route, number>()
  #told = idleRoutes.join()

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

  /** After a new attachment: the hub starts from the routes that the client registered with. */
  attached(): void {
    this.#told = idleRoutes.join()
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
    if (routes.join() === this.#told) return
    this.#told = routes.join()
    // Only an announcement: without it senders expect less than they get.
    this.#client.request('reach', { routes: [...routes] }).catch(() => undefined)
  }
}
