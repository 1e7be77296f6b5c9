import { connect } from 'node:net'
import { existsSync } from 'node:fs'
import { findProgram } from '../../support/skipping.ts'
import type { Peer } from '../peer.ts'
import { versionOf } from '../running/programs.ts'

/** Where its broker's program is; it is not a package that could be installed here. */
const variable = 'BENCH_CLAUDE_IPC_BROKER'
/** Its port cannot be chosen. */
const port = 9_876
/** Milliseconds that it may take to listen, and between two looks. */
const readyMs = 15_000
const lookEveryMs = 20

const python = findProgram('python3')
const broker = process.env[variable] ?? ''

export const claudeIpc: Peer = {
  id: 'claude-ipc',
  label: 'claude-ipc-mcp',
  durability: 'B',
  note: 'one TCP connection for each request; its reader polls; at most 16 messages under way, because its queues hold 100',
  drivers: [{ name: 'claudeIpc', label: 'its wire' }],
  missing() {
    if (broker === '') return `its broker is not on this machine (${variable} names its program)`
    if (!existsSync(broker)) return `${broker}, which ${variable} names, is not there`
    return python === undefined ? 'Python 3 is not installed' : undefined
  },
  version: () => `Python ${versionOf(python!, '--version')}`,
  async start(workshop) {
    if (await listens()) throw new Error(`port ${port} is taken, and its broker has no other`)
    // It serves for as long as its input is open, and keeps its data in the user's home.
    const child = workshop.spawn(python!, [broker], {
      env: { HOME: workshop.newFolder('claude-ipc') },
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    for (const end = performance.now() + readyMs; !(await listens());) {
      if (child.exitCode !== null || performance.now() > end) throw new Error('its broker does not listen')
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
    return { pid: child.pid!, address: { url: `tcp://127.0.0.1:${port}` }, stop: () => workshop.end(child) }
  },
}

function listens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
