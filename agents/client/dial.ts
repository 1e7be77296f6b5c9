import { WebSocket } from 'ws'
import { protocolName } from '../../protocol/index.ts'
import { webSocketUrl, type Endpoint } from './address.ts'

/** Opens a socket to a hub. Tests hand in their own. */
export type Dial = (endpoint: Endpoint) => WebSocket

/** Bytes of a frame that this client takes: a page of 200 large inline messages, and ample room. */
const maxPayload = 16 * 1024 * 1024

export const dial: Dial = (endpoint) =>
  new WebSocket(webSocketUrl(endpoint), [protocolName], {
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload,
  })

/** Whether an error says that no program listens there: the case in which a hub may be started. */
export function isNobodyThere(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT')
}
