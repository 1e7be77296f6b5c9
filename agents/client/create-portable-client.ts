import type { Client } from './client.ts'
import { systemClock, type Clock } from './clock.ts'
import { noAddress, webEndpoint, type Endpoint } from './endpoint.ts'
import { fetchExchange } from './fetch-exchange.ts'
import type { Introduction } from './handshake.ts'
import { memoryKeys, type Keys } from './keys.ts'
import { LastingClient } from './lasting-client.ts'
import type { Wishes } from './membership.ts'
import { standardDial, type WebSocketConstructor } from './standard-socket.ts'

/** `window`, `routes` and `presence` are those of `register`. */
export interface PortableClientOptions extends Wishes {
  /** Who this program is, for the hub's log. */
  readonly client: Introduction
  /** ws://host:port or wss://host. */
  readonly url: string
  /** The hub's secret, or what gives it at each attempt; undefined for a hub that is open. */
  readonly secret: string | undefined | (() => string | undefined)
  /** Default: in memory, so that a name is lost with the program that took it. */
  readonly keys?: Keys
  /** Default: the runtime's own. */
  readonly webSocket?: WebSocketConstructor
  /** Gets what no call can report, such as exceptions of event listeners. Default: nothing happens. */
  readonly onError?: (error: unknown) => void
  /** For tests. */
  readonly clock?: Clock
  /** A number in [0, 1). For tests. */
  readonly random?: () => number
}

/**
 * A client for any runtime that has the standard `WebSocket` and `fetch`: browsers, Deno, Bun, Node. It
 * finds nothing by itself: no environment, no files, and no hub is started. Nothing is connected before `start`.
 */
export function createPortableClient(options: PortableClientOptions): Client {
  const { client, url, secret, clock = systemClock, random = Math.random, keys = memoryKeys() } = options
  return new LastingClient({
    clock,
    keys,
    exchange: fetchExchange,
    wishes: options,
    onError: options.onError ?? (() => {}),
    lifeline: {
      client,
      secret: typeof secret === 'function' ? secret : () => secret,
      locate: () => locate(url),
      dial: standardDial(options.webSocket ?? WebSocket),
      starter: undefined,
      clock,
      random,
    },
  })
}

function locate(url: string): Endpoint {
  const endpoint = webEndpoint(url)
  if (!endpoint) throw noAddress(url, 'Give it as ws://host:port or wss://host.')
  return endpoint
}
