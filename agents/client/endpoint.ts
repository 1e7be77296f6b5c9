import { ClientError } from './client.ts'

/** Where a hub listens. */
export type Endpoint = { readonly kind: 'unix'; readonly path: string } | TcpEndpoint
export interface TcpEndpoint {
  readonly kind: 'tcp'
  /** ws: or wss: */
  readonly url: URL
}

/** An endpoint for what begins with ws:// or wss://; undefined for anything else. */
export function webEndpoint(address: string): TcpEndpoint | undefined {
  const url = URL.parse(address)
  return url && (url.protocol === 'ws:' || url.protocol === 'wss:') ? { kind: 'tcp', url } : undefined
}

/** `next` says where the address is set and what it may be. */
export function noAddress(address: string, next: string): ClientError {
  return new ClientError({
    reason: 'hub_unreachable',
    message: `"${address}" is not the address of a hub.`,
    next,
    details: { isNextKnown: true },
  })
}

/** Where the hub at a WebSocket's address answers HTTP [P-40]. */
export function httpUrl({ url: { href } }: TcpEndpoint, path: string): URL {
  const url = new URL(href)
  url.protocol = url.protocol === 'wss:' ? 'https:' : 'http:'
  url.pathname = url.pathname.replace(/\/+$/, '') + path
  return url
}

/** For people and messages; without what a URL may carry besides the place. */
export function describeEndpoint(endpoint: Endpoint): string {
  return endpoint.kind === 'unix' ? `unix:${endpoint.path}` : `${endpoint.url.protocol}//${endpoint.url.host}`
}

/** True where what is sent cannot leave this machine. */
export function isLocal(endpoint: Endpoint): boolean {
  if (endpoint.kind === 'unix') return true
  const { hostname } = endpoint.url
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
