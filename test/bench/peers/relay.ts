import { fileURLToPath } from 'node:url'
import type { Peer, Server } from '../peer.ts'
import type { Workshop } from '../running/workshop.ts'
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
  start: (workshop) => startRelay(workshop),
}

/** `waiting`: messages of `bodyBytes` that it makes up for whoever registers. */
export async function startRelay(workshop: Workshop, { waiting = 0, bodyBytes = 0 } = {}): Promise<Server> {
  const args = [relayProgram, '--waiting', String(waiting), '--body-bytes', String(bodyBytes)]
  const child = workshop.spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await firstMatch(child, /^(ws:\S+)/)
  // Nothing is checked here, but the client library keeps keys somewhere.
  return { pid: child.pid!, address: { url, home: workshop.newFolder('keys') }, stop: () => workshop.end(child) }
}
