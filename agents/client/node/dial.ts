import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { protocolName } from '../../../protocol/index.ts'
import type { Endpoint } from '../endpoint.ts'
import { tlsProblem } from './tls-problem.ts'
import { frameMax, type Dial } from '../socket.ts'

/** Dials with `ws`, which reaches Unix-domain sockets, hears pings, and says what went wrong. */
export const dial: Dial = (endpoint, listener) => {
  const webSocket = new WebSocket(webSocketUrl(endpoint), [protocolName], {
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: frameMax,
  })
  let problem: string | undefined
  let next: string | undefined
  let nobodyThere = false
  let gather: (() => void) | undefined
  webSocket.on('upgrade', ({ socket }) => (gather = gatherWrites(socket)))
  webSocket.on('open', () => listener.opened())
  webSocket.on('ping', () => listener.pinged())
  webSocket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) listener.text(data.toString())
  })
  webSocket.on('error', (error) => {
    const known = tlsProblem(error, endpoint.kind === 'tcp' ? endpoint.url.protocol : undefined)
    problem = known?.problem ?? (error.message || ('code' in error ? String(error.code) : error.name))
    next = known?.next
    nobodyThere ||= isNobodyThere(error)
  })
  webSocket.on('close', (code, reason) => listener.closed({ code, reason: String(reason), problem, next, nobodyThere }))
  return {
    hearsPings: true,
    send(frame) {
      gather?.()
      webSocket.send(frame)
    },
    close: () => webSocket.close(1000),
    cut: () => webSocket.terminate(),
  }
}

/** What one turn writes leaves in one system call, as the hub's frames do: under load, that call is most of what a frame costs. */
function gatherWrites(socket: Duplex): () => void {
  let gathering = false
  return () => {
    if (gathering) return
    gathering = true
    socket.cork()
    process.nextTick(() => {
      gathering = false
      socket.uncork()
    })
  }
}

/** The form that `ws` takes. */
export function webSocketUrl(endpoint: Endpoint): string {
  return endpoint.kind === 'unix' ? `ws+unix://${endpoint.path}:/` : endpoint.url.href
}

function isNobodyThere(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOENT')
}
