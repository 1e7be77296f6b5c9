import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocketServer, type WebSocket } from 'ws'
import {
  closeCodes,
  decodeRequest,
  encodeFailure,
  encodeNotification,
  encodeResult,
  proofText,
  protocolName,
  type Attached,
  type Call,
  type CloseReason,
  type ErrorReason,
  type Failure,
  type Message,
  type Method,
  type NotificationName,
  type NotificationParams,
  type Params,
  type Result,
} from '../../../protocol/index.ts'

export const secret = 'a secret of sixteen or more characters'
const nonce = 'hub-nonce-of-24-letters_'
const later = '2031-01-01T00:00:00.000Z'

/** A request that has arrived, to be answered by the test or by a rule. */
export interface Asked<M extends Method = Method> {
  readonly method: M
  readonly params: Params<M>
  readonly line: FakeLine
  readonly answer: (result: Result<M>) => void
  readonly refuse: (reason: ErrorReason, more?: Omit<Failure, 'reason'>) => void
}

/** The hub's end of one connection. */
export class FakeLine {
  readonly socket: WebSocket

  constructor(socket: WebSocket) {
    this.socket = socket
  }

  notify<N extends NotificationName>(method: N, params: NotificationParams<N>): void {
    this.socket.send(encodeNotification(method, params))
  }

  push(...seqs: number[]): void {
    for (const seq of seqs) this.notify('message', message(seq))
  }

  close(reason: CloseReason): void {
    this.socket.close(closeCodes[reason].code, reason)
  }

  /** As a killed process does it: no closing frame. */
  cut(): void {
    this.socket.terminate()
  }
}

type Rules = { [M in Method]?: (asked: Asked<M>) => void }

interface FakeHubOptions {
  readonly auth?: 'hmac-sha256' | 'open'
  /** What the hub proves itself with. */
  readonly secret?: string
  /** Where to listen; default: in a folder of its own. */
  readonly path?: string
  /** Listens on a free port of this machine, and not on a Unix-domain socket. */
  readonly tcp?: boolean
  readonly http?: (request: IncomingMessage, response: ServerResponse) => void
}

/**
 * A hub that does what it is told: a real WebSocket server, on a Unix-domain socket by default, that speaks
 * the real codec. `rules` answer requests; every request can also be awaited with `next`.
 */
export class FakeHub implements AsyncDisposable {
  readonly path: string
  address: string
  readonly lines: FakeLine[] = []
  readonly asked: Asked[] = []
  readonly rules: Rules
  readonly #folder: string
  readonly #server: Server
  readonly #sockets: WebSocketServer
  readonly #takers: { method: Method; take: (asked: Asked) => void }[] = []
  readonly #untaken: Asked[] = []

  static async start(options: FakeHubOptions = {}): Promise<FakeHub> {
    const hub = new FakeHub(options)
    const where = options.tcp === true ? { port: 0, host: '127.0.0.1' } : { path: hub.path }
    await new Promise<void>((resolve) => hub.#server.listen(where, resolve))
    if (options.tcp === true) hub.address = `ws://127.0.0.1:${(hub.#server.address() as AddressInfo).port}`
    return hub
  }

  private constructor({ auth = 'hmac-sha256', secret: key = secret, path, http }: FakeHubOptions) {
    this.#folder = mkdtempSync(join(tmpdir(), 'fake-hub-'))
    this.path = path ?? join(this.#folder, 'hub.sock')
    this.address = `unix:${this.path}`
    this.#server = createServer(http)
    this.#sockets = new WebSocketServer({ server: this.#server, handleProtocols: () => protocolName })
    this.#sockets.on('connection', (socket) => this.#accept(socket, auth))
    this.rules = {
      hello: ({ params, answer }) =>
        answer({
          ...(auth === 'hmac-sha256' && { proof: proof(key, 'hub', params.nonce) }),
          hub: { version: '0', revision: 1 },
          limits: { inlineBytes: 1_024, frameBytes: 64 * 1_024, blobBytes: 1_000_000, pingMs: 25_000 },
        }),
      register: ({ params, answer }) => answer(attached({ name: params.name })),
      resume: ({ answer }) => answer(attached({ recovered: true })),
      send: ({ params, answer }) => answer(sent(params)),
      ack: ({ params, answer }) => answer({ settled: params.ids.length, waiting: 0 }),
    }
  }

  /** The first request of this method that nobody has taken yet. */
  next<M extends Method>(method: M): Promise<Asked<M>> {
    const at = this.#untaken.findIndex((asked) => asked.method === method)
    if (at >= 0) return Promise.resolve(this.#untaken.splice(at, 1)[0] as Asked as Asked<M>)
    return new Promise((resolve) => this.#takers.push({ method, take: (asked) => resolve(asked as Asked<M>) }))
  }

  /** The parameters of every request of this method so far. */
  all<M extends Method>(method: M): Params<M>[] {
    return this.asked.filter((asked) => asked.method === method).map(({ params }) => params as Params<M>)
  }

  get line(): FakeLine {
    const line = this.lines.at(-1)
    if (!line) throw new Error('nobody has connected')
    return line
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.lines) socket.terminate()
    this.#sockets.close()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #accept(socket: WebSocket, auth: 'hmac-sha256' | 'open'): void {
    const line = new FakeLine(socket)
    this.lines.push(line)
    socket.on('message', (data: Buffer) => {
      const request = decodeRequest(data.toString())
      if (!request.ok) throw new Error(`the client sent ${data.toString()}`)
      this.#ask(line, request.id, request.call)
    })
    line.notify('challenge', { protocol: protocolName, nonce, auth })
  }

  #ask(line: FakeLine, id: number, { method, params }: Call): void {
    const asked = {
      method,
      params,
      line,
      answer: (result: unknown) => line.socket.send(encodeResult(id, result)),
      refuse: (reason: ErrorReason, more?: Omit<Failure, 'reason'>) =>
        line.socket.send(encodeFailure(id, { reason, ...more })),
    } as Asked
    this.asked.push(asked)
    const rule = this.rules[method] as ((asked: Asked) => void) | undefined
    rule?.(asked)
    const taker = this.#takers.findIndex((waiting) => waiting.method === method)
    if (taker >= 0) this.#takers.splice(taker, 1)[0]?.take(asked)
    else this.#untaken.push(asked)
  }
}

export function proof(key: string, role: 'client' | 'hub', clientNonce: string): string {
  return createHmac('sha256', key)
    .update(proofText(role, nonce, clientNonce))
    .digest('hex')
}

export function attached(
  change: { name?: string; epoch?: string; recovered?: boolean; token?: string } = {},
): Attached {
  const { name = 'rose', epoch = 'e1', recovered = false, token = 'token-1' } = change
  return {
    name: name as Attached['name'],
    session: { token, expiresAt: later },
    epoch,
    recovered,
    waiting: 0,
    topics: [],
    autoCheck: { enabled: true, minutes: 0 },
    created: false,
  }
}

function message(seq: number, epoch = 'e1'): Message {
  return {
    id: `${epoch}-${seq}` as Message['id'],
    seq,
    kind: 'message',
    from: 'iris' as Message['from'],
    to: 'rose' as Message['to'],
    sentAt: later,
    expiresAt: later,
    priority: 'normal',
    content: `message ${seq}`,
  }
}

export function sent({ to }: Params<'send'>): Result<'send'> {
  return {
    id: 'e1-1' as Message['id'],
    seq: 1,
    sentAt: later,
    duplicate: false,
    outlook: { kind: 'online', name: to as string as Message['from'], routes: [] },
  }
}
