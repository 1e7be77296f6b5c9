import { findProgram } from '../../support/skipping.ts'
import type { Peer } from '../peer.ts'
import { firstMatch } from '../running/first-match.ts'
import { versionOfPackage } from '../running/packages.ts'
import { versionOf } from '../running/programs.ts'

const program = findProgram('nats-server')

export const nats: Peer = {
  id: 'nats',
  label: 'NATS JetStream, file storage',
  durability: 'B',
  note: 'answers before its file is synced, which it does every two minutes by default (every minute before 2.10)',
  drivers: [{ name: 'nats', label: '@nats-io/jetstream' }],
  missing: () => (program === undefined ? 'nats-server is not installed' : undefined),
  version: () => `${versionOf(program!, '--version')}, client ${versionOfPackage('@nats-io/jetstream')}`,
  async start(workshop) {
    const args = ['--jetstream', '--store_dir', workshop.newFolder('nats'), '--addr', '127.0.0.1', '--port', '-1']
    const child = workshop.spawn(program!, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const address = firstMatch(child, /Listening for client connections on (\S+)/)
    await firstMatch(child, /(Server is ready)/)
    return { pid: child.pid!, address: { url: await address }, stop: () => workshop.end(child) }
  },
}
