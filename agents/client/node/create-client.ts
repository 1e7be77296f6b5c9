import { hubFolder, locate } from './address.ts'
import { HubStarter, ownHub, type HubCommand } from './autostart.ts'
import type { Exchange } from '../blobs.ts'
import type { Client } from '../client.ts'
import { systemClock, type Clock } from '../clock.ts'
import { dial } from './dial.ts'
import type { Introduction } from '../handshake.ts'
import { openKeys } from './keys.ts'
import { LastingClient } from '../lasting-client.ts'
import type { Wishes } from '../membership.ts'
import type { Dial } from '../socket.ts'
import { readSecret } from './secret.ts'
import { readSettings, type Environment } from '../settings.ts'

/** Everything but `client` has a default; `window`, `routes` and `presence` are those of `register`. */
export interface ClientOptions extends Wishes {
  /** Who this program is, for the hub's log. */
  readonly client: Introduction
  /** ws://…, wss://… or unix:/path; default: BELLHOP_URL, or the hub of this user on this machine. */
  readonly address?: string
  /** Default: BELLHOP_HOME, or ~/.bellhop. */
  readonly home?: string
  /** Asked at each attempt. Default: the environment, or the file in the home. */
  readonly secret?: () => string | undefined
  /** Whether to start a hub where none answers at the default address, and which. Default: true. */
  readonly autostart?: boolean | HubCommand
  /** Default: that of the process. */
  readonly environment?: Environment
  /** Gets what no call can report, such as exceptions of event listeners. Default: nothing happens. */
  readonly onError?: (error: unknown) => void
  /** For tests. */
  readonly clock?: Clock
  /** A number in [0, 1). For tests. */
  readonly random?: () => number
  /** For tests. */
  readonly dial?: Dial
}

/**
 * Loaded with the first large body: to import `node:http` makes Node load all that its `fetch` consists of, which costs
 * a shim that starts, and so the assistant that waits for it, more than everything else that it imports from Node.
 */
const exchange: Exchange = async (endpoint, request) =>
  (await import('./http-exchange.ts')).httpExchange(endpoint, request)

/** A client that has not been started. Nothing is read, written or connected before `start`. */
export function createClient(options: ClientOptions): Client {
  const { clock = systemClock, random = Math.random, environment = process.env, autostart = true } = options
  const fromEnvironment = readSettings(environment)
  const settings = {
    ...fromEnvironment,
    url: options.address ?? fromEnvironment.url,
    home: options.home ?? fromEnvironment.home,
  }
  const mayStart = settings.url === undefined && autostart !== false
  const command = Array.isArray(autostart) ? (autostart as unknown as HubCommand) : ownHub()
  return new LastingClient({
    clock,
    keys: openKeys(settings.home, () => hubFolder(settings)),
    exchange,
    wishes: options,
    onError: options.onError ?? (() => {}),
    lifeline: {
      client: options.client,
      secret: options.secret ?? (() => readSecret(settings)),
      locate: () => locate(settings),
      dial: options.dial ?? dial,
      starter: mayStart ? new HubStarter({ settings, environment, command, clock, random }) : undefined,
      clock,
      random,
    },
  })
}
