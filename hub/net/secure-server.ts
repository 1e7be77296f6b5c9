import type { RequestListener, ServerOptions } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import { limits } from '../../protocol/index.ts'
import type { Identity } from './certificate.ts'
import { addressOf } from './peer-address.ts'

/** Who decides over newcomers, and hears of those that failed. */
export interface Gatekeeper {
  /** What it returns is called when the handshake is over, whatever its end. Undefined: the peer is cut off. */
  enter(address: string): (() => void) | undefined
  /** The connection ended before its handshake did, whoever ended it. */
  failed(address: string): void
}

/** What a server of TLS is given for a certificate. A peer that does not finish its handshake is cut off [S-6]. */
export function secureOptions({ cert, key }: Identity): {
  readonly cert: Buffer
  readonly key: Buffer
  readonly minVersion: 'TLSv1.2'
  readonly handshakeTimeout: number
} {
  return { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: limits.handshakeMs }
}

export interface SecureServer {
  readonly server: Server
  /** Cuts off peers whose handshake is not over: no server of Node's does so by itself when it closes. */
  cutUnfinished(): void
}

/** An HTTPS server whose peers ask the gatekeeper before anything of TLS is done for them. */
export function createSecureServer(
  bounds: ServerOptions,
  identity: Identity,
  answer: RequestListener,
  gatekeeper: Gatekeeper,
): SecureServer {
  const server = createServer({ ...bounds, ...secureOptions(identity) }, answer)
  /** By the peer's port and address: the socket that TLS hands out is another one than the one that came in. */
  const entered = new Map<string, { socket: Socket; leave: () => void }>()

  // Node's own listeners would wrap a socket that is gone already, so they come behind the gatekeeper.
  const secure = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    // Asked now: a socket that is closed no longer knows.
    const address = addressOf(socket)
    const leave = gatekeeper.enter(address)
    if (!leave) return void socket.destroy()
    const name = nameOf(socket)
    entered.set(name, { socket, leave })
    socket.once('close', () => {
      leave()
      if (entered.get(name)?.socket !== socket) return
      entered.delete(name)
      gatekeeper.failed(address)
    })
    for (const listener of secure) listener.call(server, socket)
  })
  server.on('secureConnection', (socket) => {
    const name = nameOf(socket)
    entered.get(name)?.leave()
    entered.delete(name)
  })
  return {
    server,
    cutUnfinished() {
      const unfinished = [...entered.values()]
      entered.clear()
      for (const { socket } of unfinished) socket.destroy()
    },
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remotePort} ${remoteAddress}`
}
