import type { Client } from '../client/client.ts'
import { shimSettings } from './settings.ts'
import { AutoRegistration } from './auto-registration.ts'
import { Bell } from './bell.ts'
import { systemClock, type Clock } from '../client/clock.ts'
import type { Environment } from '../client/settings.ts'
import type { ShimContext } from './context.ts'
import { Deliveries } from './mail/deliveries.ts'
import { Inbox } from './mail/inbox.ts'
import { Place } from './place.ts'
import { Reach } from './reach.ts'
import { RenameNotes } from './rename-notes.ts'
import { inboxUri } from './resources.ts'
import { serve, ShimServer } from './server.ts'

export interface ShimOptions {
  /** Registers with `idleRoutes`. Started when the server is connected. */
  readonly client: Client
  /** Bellhop's folder on this machine. */
  readonly home: string
  /** Default: none. Reads BELLHOP_NAME and BELLHOP_ALLOW_COMMANDS; commands that are run get the rest. */
  readonly env?: Environment
  /** Default: the process's. */
  readonly cwd?: string
  readonly clock?: Clock
}

export interface Shim {
  readonly server: ShimServer
  /** Closes client and server; unread mail stays at the hub. */
  readonly cleanup: () => Promise<void>
}

/** The MCP server beside one assistant. Nothing happens before `server.connect(transport)`. */
export function createShim({ client, home, env = {}, cwd = process.cwd(), clock = systemClock }: ShimOptions): Shim {
  const inbox = new Inbox(clock)
  const deliveries = new Deliveries(inbox, client)
  const autoRegistration = new AutoRegistration(client, clock, env[shimSettings.name.env[0]]?.trim() || undefined)
  const subscriptions = new Set<string>()
  const server = new ShimServer(deliveries, () => {
    client.start()
    autoRegistration.start()
  })
  const bell = new Bell({
    clock,
    unread: () => inbox.unread(),
    ringer: {
      ring() {
        if (!subscriptions.has(inboxUri)) return false
        // Whoever is gone by now needs no bell.
        server.sendResourceUpdated({ uri: inboxUri }).catch(() => undefined)
        return true
      },
    },
  })
  const context: ShimContext = {
    client,
    inbox,
    bell,
    reach: new Reach(client),
    notes: new RenameNotes(),
    place: new Place(home, cwd, () => server.getClientVersion()?.name ?? 'unknown'),
    clock,
    home,
    cwd,
    env,
  }
  inbox.onUnread((message) => bell.arrived(message))
  follow(context, deliveries)
  serve(server, { context, deliveries, autoRegistration, subscriptions })

  return {
    server,
    async cleanup() {
      bell.close()
      autoRegistration.stop()
      await client.close()
      await server.close()
    },
  }
}

/** What the hub says, into the parts that it concerns. */
function follow({ client, inbox, bell, reach, notes }: ShimContext, deliveries: Deliveries): void {
  client.on('message', (message) => {
    // It was shown, and the hub has lost what we said about it.
    if (inbox.add(message) === 'shown-before') void deliveries.acknowledge([message.id], 'tool_result')
  })
  client.on('reset', () => inbox.reset())
  client.on('renamed', (renamed) => notes.renamed(renamed, client.registration?.name))
  client.on('attached', ({ autoCheck }) => {
    bell.configure(autoCheck)
    reach.attached()
  })
}
