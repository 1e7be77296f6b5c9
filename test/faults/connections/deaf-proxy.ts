import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Which bytes of the connections that there are now are swallowed from now on. */
export type Deafness = 'both ways' | 'towards the client'

/** A TCP proxy before a hub whose connections can go half-open: nothing passes, and nobody is told. */
export interface DeafProxy {
  readonly url: string
  /** Swallows; connections that are made later are whole. */
  goDeaf(deafness: Deafness): void
}

export async function startDeafProxy(hubUrl: string): Promise<DeafProxy> {
  const { hostname, port } = new URL(hubUrl)
  const sockets = new Set<Socket>()
  let whole: { near: Socket; far: Socket }[] = []
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    const pair = { near, far }
    whole.push(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    goDeaf(deafness) {
      for (const { near, far } of whole) {
        // What comes is still read, as by a network that drops it on the way.
        far.unpipe(near).resume()
        if (deafness === 'both ways') near.unpipe(far).resume()
      }
      whole = []
    },
  }
}
