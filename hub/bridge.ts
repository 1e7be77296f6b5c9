import { extname } from 'node:path'
import type { Hub } from './hub.ts'
import type { Log } from './log.ts'
import type { Settings } from './settings.ts'

/** The door for clients of claude-ipc-mcp, while it is open. */
export interface Bridge {
  readonly port: number
  close(): Promise<void>
}

/** What `agents/bridge` exports, as far as it matters here. */
interface BridgeModule {
  startBridge(options: {
    readonly port: number
    readonly home: string
    readonly environment: NodeJS.ProcessEnv
    readonly log: Log
  }): Promise<Bridge>
}

/**
 * Opens the bridge beside a running hub. It is a client of the hub as every other is, and lives with the clients;
 * only because it has to come and go with the hub is it started here, by its place, as the greeting names the shim.
 * Rejects as `listen` does.
 */
export async function openBridge(
  { bridge: port }: Pick<Settings, 'bridge'>,
  { home, url, socket }: Pick<Hub, 'home' | 'url' | 'socket'>,
  log: Log,
): Promise<Bridge> {
  const address = new URL(`../agents/bridge/index${extname(import.meta.url)}`, import.meta.url)
  const module = (await import(address.href)) as BridgeModule
  const environment = {
    ...process.env,
    BELLHOP_HOME: home.folder,
    BELLHOP_URL: socket === undefined ? url : `unix:${socket}`,
    // So that the hub counts as this home's own, whose keys are the user's.
    ...(url !== undefined && { BELLHOP_PORT: new URL(url).port }),
  }
  return module.startBridge({ port, home: home.folder, environment, log })
}
