import process from 'node:process'
import type { Route } from '../../protocol/index.ts'
import type { Client } from '../client/client.ts'
import { systemClock, type Clock } from '../client/clock.ts'
import type { Environment } from '../client/settings.ts'
import { AutoRegistration } from './auto-registration.ts'
import { Bell } from './bell.ts'
import type { ShimContext } from './context.ts'
import { Conversation } from './conversation.ts'
import { Desk } from './desk/desk.ts'
import { HookMail } from './desk/hook-mail.ts'
import { Listeners } from './routes/listeners.ts'
import { Deliveries } from './mail/deliveries.ts'
import { Inbox } from './mail/inbox.ts'
import { Place } from './place.ts'
import { Proofs } from './proofs.ts'
import { Reach } from './reach.ts'
import { RenameNotes } from './rename-notes.ts'
import { inboxUri } from './resources.ts'
import { channel, channelCapability } from './routes/channel.ts'
import { codexQueue } from './routes/codex-queue.ts'
import type { Ringer } from './routes/ringer.ts'
import { ringersOf } from './routes/ringers.ts'
import { subscription } from './routes/subscription.ts'
import { serve, ShimServer } from './server.ts'
import { shimSettings } from './settings.ts'
import { Turns } from './turns.ts'

export interface ShimOptions {
  /** Registers with `idleRoutes`. Started when the server is connected. */
  readonly client: Client
  /** Bellhop's folder on this machine. */
  readonly home: string
  /** Default: none. Reads the shim's settings; commands that are run get the rest. */
  readonly env?: Environment
  /** Default: the process's. */
  readonly cwd?: string
  readonly clock?: Clock
}

export interface Shim {
  readonly server: ShimServer
  /** Closes client, desk and server; unread mail stays at the hub. */
  readonly cleanup: () => Promise<void>
}

/** The MCP server beside one assistant. Nothing happens before `server.connect(transport)`. */
export function createShim({ client, home, env = {}, cwd = process.cwd(), clock = systemClock }: ShimOptions): Shim {
  const inbox = new Inbox(clock)
  const proofs = new Proofs(clock)
  const deliveries = new Deliveries(inbox, client, proofs)
  const autoRegistration = new AutoRegistration(client, clock, setting(env, 'name'))
  const subscriptions = new Set<string>()
  const hasChannel = /^(?:yes|true|1|on)$/i.test(setting(env, 'channel') ?? '')
  const server = new ShimServer({
    experimental: hasChannel ? channelCapability : {},
    written: (request, landing) => deliveries.settle(request, landing),
    connected() {
      client.start()
      autoRegistration.start()
      // What is asked first is answered first.
      setImmediate(() => desk.start())
    },
  })
  const clientName = (): string | undefined => server.getClientVersion()?.name
  const conversation = new Conversation(clientName, () => wakersChanged())
  const turns = new Turns(clock)
  const reach = new Reach(client)
  const listeners = new Listeners(() => wakersChanged())
  const parts = {
    wakers: {
      monitor: listeners.ringer('monitor'),
      rewake: listeners.ringer('rewake'),
      opencode: listeners.ringer('opencode'),
      codex_queue: codexQueue({ conversation, env }),
      channel: channel({
        optedIn: hasChannel,
        unread: () => inbox.unread(),
        notify: (notification) => server.notification(notification),
      }),
    },
    besides: [
      subscription({
        isSubscribed: () => subscriptions.has(inboxUri),
        notify: () => server.sendResourceUpdated({ uri: inboxUri }),
      }),
    ],
  }
  const ringers = (): readonly Ringer[] => ringersOf(conversation.assistant, parts)
  const bell = new Bell({
    clock,
    unread: () => inbox.unread(),
    ringers,
    turns,
    offered(ids, route) {
      proofs.announced(ids, route)
      void deliveries.offered(ids, route)
    },
  })
  const hookMail = new HookMail({ inbox, deliveries, bell, turns, reach })
  const desk = new Desk({
    home,
    conversation,
    hookMail,
    listeners,
    about: () => ({
      pid: process.pid,
      parent: process.ppid,
      client: clientName() ?? 'unknown',
      name: client.registration?.name,
      cwd,
      routes: reach.routes,
      unread: inbox.unread().length,
    }),
  })
  const context: ShimContext = {
    client,
    inbox,
    autoRegistration,
    bell,
    ringers,
    hookMail,
    conversation,
    reach,
    proofs,
    notes: new RenameNotes(),
    place: new Place(home, cwd, () => clientName() ?? 'unknown'),
    clock,
    home,
    cwd,
    env,
  }
  inbox.onUnread((message) => bell.arrived(message))
  follow(context, deliveries)
  serve(server, { context, deliveries, subscriptions })

  let waker: { readonly route: Route; readonly close: () => void } | undefined
  /** Senders are told whether this assistant can be woken, and a new waker hears of what came before it. */
  function wakersChanged(): void {
    const route = ringers().find((ringer) => ringer.wakes && ringer.isReady())?.route
    if (route !== waker?.route) {
      const former = waker
      waker = route && { route, close: reach.open(route) }
      former?.close()
    }
    bell.rouse()
  }

  return {
    server,
    async cleanup() {
      bell.close()
      desk.close()
      autoRegistration.stop()
      await client.close()
      await server.close()
    },
  }
}

function setting(env: Environment, name: keyof typeof shimSettings): string | undefined {
  return env[shimSettings[name].env[0]]?.trim() || undefined
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
