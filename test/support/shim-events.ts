import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Assistant } from './assistant.ts'

/** Ends a shim as a crash does: no goodbye to the hub. */
export async function killShim({ client, transport }: Assistant): Promise<void> {
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- an MCP client has no listeners, only this
  const gone = new Promise<void>((resolve) => (client.onclose = () => resolve()))
  process.kill(transport.pid!, 'SIGKILL')
  await gone
}

/** Subscribes to the inbox; what it answers resolves when mail has come into the shim's own inbox. */
export async function listenForBell({ client }: Assistant): Promise<{ readonly rung: Promise<void> }> {
  const { promise, resolve } = Promise.withResolvers<void>()
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, () => resolve())
  await client.subscribeResource({ uri: 'bellhop://inbox' })
  return { rung: promise }
}
