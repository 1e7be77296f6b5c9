import { fileURLToPath } from 'node:url'
import type { Peer } from '../peer.ts'
import { firstMatch } from '../running/first-match.ts'
import { versionOfPackage } from '../running/packages.ts'

const relayProgram = fileURLToPath(new URL('../relay/main.ts', import.meta.url))

export const relay: Peer = {
  id: 'relay',
  label: 'bare relay',
  durability: 'A',
  note: 'the same frames over `ws`, and nothing behind them: no checks, no storage, no receipts',
  drivers: [
    { name: 'library', label: 'client library' },
    { name: 'frames', label: 'bare frames' },
  ],
  missing: () => undefined,
  version: () => `ws ${versionOfPackage('ws')}`,
  async start(workshop) {
    const child = workshop.spawn('server', process.execPath, [relayProgram], { stdio: ['ignore', 'pipe', 'inherit'] })
    const url = await firstMatch(child, /^(ws:\S+)/)
    // Nothing is checked here, but the client library keeps keys somewhere.
    return { pid: child.pid!, address: { url, home: workshop.newFolder('keys') }, stop: () => workshop.end(child) }
  },
}
