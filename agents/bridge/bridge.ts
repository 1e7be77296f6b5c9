import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '../client/clock.ts'
import type { Clock, Environment } from '../client/index.ts'
import { Allowance } from './arrival.ts'
import { answerRequest } from './desk.ts'
import { Exchange } from './exchange.ts'
import { HubDoor } from './hub-door.ts'
import { bridgeLimits } from './limits.ts'
import { errorFacts, silentLog, type BridgeLog } from './log.ts'
import { Presences } from './presences.ts'
import { Rates } from './rates.ts'
import { Sessions } from './sessions.ts'
import type { Services } from './services.ts'
import { Turns } from './turns.ts'

/** A bridge that is running. */
export interface Bridge {
  /** TCP port on 127.0.0.1. */
  readonly port: number
  /** Answers what has arrived, leaves the hub and keeps the sessions for the next time. */
  close(): Promise<void>
}

export interface BridgeOptions {
  /** Old clients know 9876 only; 0 takes a free one. */
  readonly port: number
  /** The home of the hub: its socket, its secret, this user's keys, and `bridge.json`. */
  readonly home: string
  /** Where settings of the client library are read from. */
  readonly environment: Environment
  readonly log?: BridgeLog
  /** For tests: the time of sessions, presence and arriving requests. */
  readonly clock?: Clock
}

/** The bridge could not start: `message` says why and what to do. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError'
}

/**
 * Speaks the wire of claude-ipc-mcp 2.0 to its clients, and is to the hub a client for each of their names.
 * Listens on 127.0.0.1 only. The hub may be started before or after. Throws `BridgeError`.
 */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { port, home, environment, log = silentLog, clock = systemClock } = options
  const turns = new Turns()
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  await listen(server, port)
  const sessions = new Sessions({ file: join(home, 'bridge.json'), clock, log })
  const door = new HubDoor({ home, environment, log })
  const presences = new Presences({
    door,
    clock,
    turns,
    renamed: (from, to) => void sessions.rename(from, to),
  })
  const services: Services = { door, sessions, presences, turns, clock, log, rates: new Rates() }

  const exchanges = new Set<Exchange>()
  const allowance = new Allowance()
  const answer = (request: unknown) => answerRequest(services, request)
  server.on('connection', (socket) => {
    const exchange = new Exchange({ socket, allowance, clock, log, answer })
    exchanges.add(exchange)
    void exchange.finished.then(() => exchanges.delete(exchange))
  })
  server.on('error', (error) => log.warn(errorFacts(error), 'a connection of an old client was not accepted'))
  server.on('drop', () => log.debug({ connections: bridgeLimits.connections }, 'too many connections of old clients'))
  const address = server.address() as AddressInfo
  log.info({ port: address.port }, 'old clients of claude-ipc-mcp are served')

  const shut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const exchange of exchanges) exchange.close()
    await within(bridgeLimits.drainMs, Promise.all([...exchanges].map(({ finished }) => finished)))
    // What a client has read and the hub has not confirmed gets its last chance here.
    await presences.close()
    for (const exchange of exchanges) exchange.cut()
    await Promise.all([closed, door.close()])
    await sessions.flush()
  }
  let closing: Promise<void> | undefined
  return { port: address.port, close: () => (closing ??= shut()) }
}

/** Resolves when the work is done or the time is over. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const cancel = systemClock.after(ms, late.resolve)
  await Promise.race([work, late.promise])
  cancel()
}

async function listen(server: Server, port: number): Promise<void> {
  server.maxConnections = bridgeLimits.connections
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ port, host: '127.0.0.1' }, resolve)
  try {
    await promise
    server.off('error', reject)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new BridgeError(
      code === 'EADDRINUSE'
        ? `Port ${port} is in use: most likely a broker of claude-ipc-mcp is still running. Stop it (close the assistants that use it), or choose another port for the bridge.`
        : `The bridge cannot listen on port ${port} (${code}). Choose another port.`,
    )
  }
}
