import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { describeEndpoint, isLocal, noAddress, webEndpoint, type Endpoint } from '../endpoint.ts'

/** What decides where the hub is. */
export interface Whereabouts {
  /** ws://…, wss://… or unix:/path; absent: the hub of this user on this machine. */
  readonly url: string | undefined
  readonly home: string
  readonly port: number
}

/**
 * Where to connect now. Asked at each attempt: the local hub's socket appears when the hub starts.
 * Throws `ClientError` for an address that cannot be understood.
 */
export function locate({ url, home, port }: Whereabouts): Endpoint {
  if (url !== undefined) return parseAddress(url)
  const path = localSocket(home)
  if (existsSync(path)) return { kind: 'unix', path }
  // A hub without a socket says in its home where it is. Without that, no hub of this home is running,
  // and whatever has the port is another's: the socket says so, and the hub is started.
  const running = urlOfRunningHub(home)
  if (running) return { kind: 'tcp', url: running }
  return canHaveSocket(path) ? { kind: 'unix', path } : { kind: 'tcp', url: new URL(`ws://127.0.0.1:${port}`) }
}

function urlOfRunningHub(home: string): URL | undefined {
  try {
    const about = z.object({ url: z.string() }).parse(JSON.parse(readFileSync(join(home, 'hub.json'), 'utf8')))
    return URL.parse(about.url) ?? undefined
  } catch {
    return undefined
  }
}

/** The longest path that a Unix-domain socket may have on every system, in bytes. */
const socketPathMax = 103

function canHaveSocket(path: string): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(path) <= socketPathMax
}

function parseAddress(address: string): Endpoint {
  const path = /^unix:(?:\/\/)?(\/.*)$/.exec(address)?.[1]
  if (path !== undefined) return { kind: 'unix', path }
  const endpoint = webEndpoint(address)
  if (endpoint) return endpoint
  throw noAddress(
    address,
    'Set BELLHOP_URL to ws://host:port, wss://host or unix:/path, or unset it to use the hub of this machine.',
  )
}

function localSocket(home: string): string {
  return join(home, 'hub.sock')
}

/**
 * A folder name for what belongs to one hub; undefined for the local default, however it is written.
 * It holds a `%` or is longer than any agent's name, so it never meets the file of a key.
 */
export function hubFolder({ url, home, port }: Whereabouts): string | undefined {
  if (url === undefined) return undefined
  const endpoint = parseAddress(url)
  const isDefault =
    endpoint.kind === 'unix'
      ? endpoint.path === localSocket(home)
      : isLocal(endpoint) && endpoint.url.port === String(port)
  if (isDefault) return undefined
  const folder = encodeURIComponent(describeEndpoint(endpoint))
  return folder.length <= 128 ? folder : createHash('sha256').update(folder).digest('hex')
}
