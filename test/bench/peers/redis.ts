import { freePort } from '../../support/ports.ts'
import { findProgram } from '../../support/skipping.ts'
import type { Peer } from '../peer.ts'
import { firstMatch } from '../running/first-match.ts'
import { versionOfPackage } from '../running/packages.ts'
import { versionOf } from '../running/programs.ts'

const program = findProgram('redis-server')

/** Every command that changes something is synced before it is answered; nothing else writes beside it. */
const settings = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--auto-aof-rewrite-percentage', '0']

export const redis: Peer = {
  id: 'redis',
  label: 'Redis streams, appendfsync always',
  durability: 'C',
  drivers: [{ name: 'redis', label: 'ioredis' }],
  missing: () => (program === undefined ? 'redis-server is not installed' : undefined),
  version: () => `${versionOf(program!, '--version')}, client ioredis ${versionOfPackage('ioredis')}`,
  async start(workshop) {
    const port = await freePort()
    const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', workshop.newFolder('redis')]
    const child = workshop.spawn(program!, [...place, ...settings], { stdio: ['ignore', 'pipe', 'ignore'] })
    await firstMatch(child, /(Ready to accept connections)/)
    return { pid: child.pid!, address: { url: `redis://127.0.0.1:${port}` }, stop: () => workshop.end(child) }
  },
}
