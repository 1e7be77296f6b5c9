import { fileURLToPath } from 'node:url'
import { hubFlags } from '../../../agents/client/node/autostart.ts'
import { softwareVersion } from '../../../protocol/index.ts'
import type { Peer } from '../peer.ts'
import type { Server } from '../peer.ts'
import type { Workshop } from '../running/workshop.ts'
import { firstMatch } from '../running/first-match.ts'

/** The compiled program, as the package has it. */
export const hubProgram = fileURLToPath(new URL('../../../dist/hub/main.js', import.meta.url))

/** What differs from a hub that somebody just starts: limits that a benchmark is made to exceed. */
export const hubSettings = {
  BELLHOP_PORT: '0',
  BELLHOP_LOG: 'silent',
  BELLHOP_SENDS_PER_MINUTE: '100000000',
  BELLHOP_REGISTRATIONS_PER_MINUTE: '100000000',
  BELLHOP_MAILBOX_DEPTH: '100000000',
} as const

/** Starts the hub on a home, new or used, with these settings on top of `hubSettings`. */
export async function startHub(
  workshop: Workshop,
  home: string = workshop.newFolder('hub'),
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const child = workshop.spawn(process.execPath, [...hubFlags, hubProgram], {
    env: { ...hubSettings, BELLHOP_HOME: home, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await firstMatch(child, /listening\s+(ws:\S+)/)
  return { pid: child.pid!, address: { url, home }, stop: () => workshop.end(child) }
}

export const hub: Peer = {
  id: 'hub',
  label: 'Bellhop hub',
  durability: 'C',
  drivers: [
    { name: 'library', label: 'client library' },
    { name: 'frames', label: 'bare frames' },
  ],
  missing: () => undefined,
  version: () => softwareVersion,
  start: (workshop) => startHub(workshop),
}
