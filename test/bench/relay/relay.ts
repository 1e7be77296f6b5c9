import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { limits, protocolName } from '../../../protocol/index.ts'

interface Request {
  readonly id: number
  readonly method: string
  readonly params: {
    readonly name: string
    readonly to: string
    readonly content: string
    readonly priority?: string
    readonly window: number
    readonly ids: readonly string[]
  }
}

/** Milliseconds that its answers promise mail to wait. It keeps none. */
const waitsMs = 30 * 24 * 3_600_000
const epoch = 'relay'
const autoCheck = { enabled: false, minutes: 0 }

/**
 * The hub's frames with nothing behind them: no checks, no storage, no receipts, no memory of a message
 * once it is written to its recipient. No server in this language that speaks these frames can do less,
 * so it is what the hub is measured by. Answers the URL at which it listens.
 *
 * `waiting`: whoever registers is pushed so many messages, made up as they go, of `bodyBytes` each and never
 * more than its window unacknowledged. That is a mailbox being drained, without a mailbox.
 */
export async function startRelay({ waiting = 0, bodyBytes = 0 } = {}): Promise<string> {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    clientTracking: false,
    handleProtocols: () => protocolName,
  })
  const members = new Map<string, WebSocket>()
  let seq = 0

  server.on('connection', (socket) => {
    let name = ''
    const write = (frame: object): void => socket.send(JSON.stringify({ jsonrpc: '2.0', ...frame }))

    const carry = (id: number, { to, content, priority = 'normal' }: Request['params']): void => {
      seq += 1
      const sentAt = new Date().toISOString()
      const message = {
        id: `${epoch}-${seq}`,
        seq,
        kind: 'message',
        from: name,
        to,
        sentAt,
        expiresAt: new Date(Date.now() + waitsMs).toISOString(),
        priority,
        content,
      }
      const outlook = to.startsWith('#')
        ? { kind: 'topic', name: to, recipients: members.size - 1, online: members.size - 1, bounced: 0 }
        : { kind: 'online', name: to, routes: [], autoCheck }
      write({ id, result: { id: message.id, seq, sentAt, duplicate: false, outlook } })
      const frame = JSON.stringify({ jsonrpc: '2.0', method: 'message', params: message })
      if (!to.startsWith('#')) members.get(to)?.send(frame)
      else for (const [other, line] of members) if (other !== name) line.send(frame)
    }

    let left = waiting
    let room = 0
    const content = 'x'.repeat(bodyBytes)
    const pushWaiting = (): void => {
      for (; left > 0 && room > 0; left -= 1, room -= 1) {
        seq += 1
        const sentAt = new Date().toISOString()
        const id = `${epoch}-${seq}`
        const dates = { sentAt, expiresAt: sentAt }
        const message = { id, seq, kind: 'message', from: 'relay', to: name, ...dates, priority: 'normal', content }
        write({ method: 'message', params: message })
      }
    }

    const attach = (id: number, { name: wanted, window }: Request['params']): void => {
      name = wanted
      room = window
      members.set(name, socket)
      const session = { token: randomBytes(32).toString('base64url'), expiresAt: new Date().toISOString() }
      const attached = {
        name,
        session,
        epoch,
        recovered: false,
        waiting,
        topics: ['#all'],
        autoCheck,
        created: true,
      }
      write({ id, result: attached })
      pushWaiting()
    }

    const answer = ({ id, method, params }: Request): void => {
      switch (method) {
        case 'hello': {
          const { inlineBytes, frameBytes, blobBytes } = limits
          const bounds = { inlineBytes, frameBytes, blobBytes, pingMs: 25_000 }
          return write({ id, result: { hub: { version: 'relay', revision: 1 }, limits: bounds } })
        }
        case 'register':
          return attach(id, params)
        case 'send':
          return carry(id, params)
        case 'ack':
          room += params.ids.length
          write({ id, result: { settled: params.ids.length, waiting: left } })
          return pushWaiting()
        default:
          return write({ id, error: { code: -32601, message: `a relay does not know ${method}` } })
      }
    }

    socket.on('message', (data: Buffer) => answer(JSON.parse(data.toString()) as Request))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => members.delete(name))
    write({
      method: 'challenge',
      params: { protocol: protocolName, nonce: randomBytes(18).toString('base64url'), auth: 'open' },
    })
  })

  await once(server, 'listening')
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
