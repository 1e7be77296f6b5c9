import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'
import { firstMatch } from '../running/first-match.ts'
import { versionOfPackage } from '../running/packages.ts'

const program = fileURLToPath(new URL('../socket-io/main.ts', import.meta.url))

export const socketIo: Peer = {
  id: 'socket.io',
  label: 'socket.io, with acknowledgements',
  durability: 'A',
  drivers: [{ name: 'socketIo', label: 'socket.io-client' }],
  missing: () => undefined,
  version: () => versionOfPackage('socket.io'),
  async start(workshop) {
    const child = workshop.spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    return {
      pid: child.pid!,
      address: { url: await firstMatch(child, /^(http:\S+)/) },
      stop: () => workshop.end(child),
    }
  },
}
