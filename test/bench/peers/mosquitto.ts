import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../support/ports.ts'
import { findProgram } from '../../support/skipping.ts'
import type { Peer } from '../peer.ts'
import { firstMatch } from '../running/first-match.ts'
import { versionOfPackage } from '../running/packages.ts'
import { versionOf } from '../running/programs.ts'

const program = findProgram('mosquitto')

/**
 * Limits that would drop messages silently, or hold them back, are out of the way; packets are not held back to be
 * sent together. The user is named because it would leave ours for its own, who cannot write here.
 */
function configuration(port: number, folder: string): string {
  return [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `user ${userInfo().username}`,
    'persistence true',
    `persistence_location ${folder}/`,
    'max_inflight_messages 1024',
    'max_queued_messages 0',
    'set_tcp_nodelay true',
    'log_dest stderr',
    '',
  ].join('\n')
}

export const mosquitto: Peer = {
  id: 'mosquitto',
  label: 'mosquitto, QoS 1, persistence on',
  durability: 'A',
  note: 'its persistence is a snapshot every 30 minutes: a killed server loses what came since',
  drivers: [{ name: 'mqtt', label: 'mqtt.js' }],
  missing: () => (program === undefined ? 'mosquitto is not installed' : undefined),
  version: () => `${versionOf(program!, '-h')}, client mqtt ${versionOfPackage('mqtt')}`,
  async start(workshop) {
    const port = await freePort()
    const folder = workshop.newFolder('mosquitto')
    const file = join(folder, 'mosquitto.conf')
    writeFileSync(file, configuration(port, folder))
    const child = workshop.spawn(program!, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
    await firstMatch(child, /(mosquitto version \S+ running)/)
    return { pid: child.pid!, address: { url: `mqtt://127.0.0.1:${port}` }, stop: () => workshop.end(child) }
  },
}
