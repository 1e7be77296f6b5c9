import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Says which addresses are of proxies that may speak for others. */
export type ProxyCheck = (address: string) => boolean

export function proxyCheck(addresses: readonly string[]): ProxyCheck {
  const list = new BlockList()
  for (const address of addresses) list.addAddress(address, familyOf(address))
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address))
}

/** The address at the other end of a socket, or `local` for a Unix-domain socket. */
export function addressOf({ remoteAddress }: { readonly remoteAddress?: string | undefined }): string {
  // An address of IPv4 looks so on a socket that serves both.
  return remoteAddress?.replace(/^::ffff:(?=[0-9.]+$)/i, '') ?? 'local'
}

/**
 * Whom limits by address count: the peer; or, where that is a trusted proxy, whom it says that it speaks for. Each
 * proxy adds its own peer at the end of X-Forwarded-For and leaves what stood there, which anybody may have
 * written: so it is read from the end, and no further than proxies that are trusted have written it.
 */
export function clientAddress({ socket, headers }: IncomingMessage, isProxy: ProxyCheck): string {
  const peer = addressOf(socket)
  if (!isProxy(peer)) return peer
  // Node joins repeated headers of this name, in their order.
  const hops = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',')
  let address = peer
  while (isProxy(address)) {
    const hop = addressOf({ remoteAddress: hops.pop()?.trim() ?? '' })
    if (isIP(hop) === 0) return peer
    address = hop
  }
  return address
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
