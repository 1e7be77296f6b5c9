import process from 'node:process'
import { softwareVersion } from '../../protocol/index.ts'
import { createClient, readSettings } from '../client/index.ts'
import { endWithAssistant } from './endings.ts'
import { idleRoutes } from './reach.ts'
import { createShim } from './shim.ts'
import { FlushedStdioTransport } from './transport.ts'

/** The shim of this process: its environment, its stdio. */
export async function run(): Promise<void> {
  const client = createClient({ client: { name: 'mcp', version: softwareVersion }, routes: idleRoutes })
  const shim = createShim({ client, home: readSettings(process.env).home, env: process.env })
  endWithAssistant(shim.cleanup)
  await shim.server.connect(new FlushedStdioTransport())
}
