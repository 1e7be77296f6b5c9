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
  failed(address: string, error: Error): void
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

/** An HTTPS server whose peers ask the gatekeeper before anything of TLS is done for them. */
export function createSecureServer(
  bounds: ServerOptions,
  identity: Identity,
  answer: RequestListener,
  gatekeeper: Gatekeeper,
): Server {
  const server = createServer({ ...bounds, ...secureOptions(identity) }, answer)
  /** By the peer's port and address: the socket that TLS hands out is another one than the one that came in. */
  const entered = new Map<string, () => void>()

  // Node's own listeners would wrap a socket that is gone already, so they come behind the gatekeeper.
  const secure = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const leave = gatekeeper.enter(addressOf(socket))
    if (!leave) return void socket.destroy()
    const name = nameOf(socket)
    entered.set(name, leave)
    socket.once('close', () => {
      leave()
      if (entered.get(name) === leave) entered.delete(name)
    })
    for (const listener of secure) listener.call(server, socket)
  })
  server.on('secureConnection', (socket) => entered.get(nameOf(socket))?.())
  server.on('tlsClientError', (error, socket) => gatekeeper.failed(addressOf(socket), error))
  return server
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remotePort} ${remoteAddress}`
}
