import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { closed } from '../../support/closed.ts'

/** An answer of the older project's broker, as its clients read it. */
export interface OldAnswer {
  readonly status: 'ok' | 'error'
  readonly message?: string
  readonly session_token?: string
  readonly messages?: readonly OldMessage[]
  readonly instances?: readonly { readonly id: string; readonly last_seen: string }[]
}

export interface OldMessage {
  readonly from: string
  readonly to: string
  readonly timestamp: string
  readonly message: { readonly content: string; readonly data?: Readonly<Record<string, unknown>> }
}

/** What old clients read at most. */
export const oldReadBytes = 65_536

/** A connection to the bridge, destroyed with the test. */
export async function openSocket(port: number, options: { allowHalfOpen?: boolean } = {}): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', ...options })
  // A test looks at what came, and at the end.
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Everything until the other side ends or resets the connection, then closes; as text. */
export async function readAll(socket: Socket): Promise<string> {
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  await closed(socket)
  return Buffer.concat(pieces).toString()
}

interface Manner {
  /** Closes the sending half as soon as the request is written. */
  readonly halfClose?: boolean
  /** How the request is cut into writes; each is flushed before the next. */
  readonly pieces?: (bytes: Buffer) => readonly Buffer[]
}

/** One request over one connection: bare JSON there, bare JSON back. */
export async function exchange(port: number, request: unknown, manner: Manner = {}): Promise<OldAnswer> {
  const text = await exchangeText(port, Buffer.from(JSON.stringify(request)), manner)
  return JSON.parse(text) as OldAnswer
}

export async function exchangeText(
  port: number,
  bytes: Buffer,
  { halfClose = false, pieces = (all) => [all] }: Manner = {},
): Promise<string> {
  const socket = await openSocket(port)
  socket.setNoDelay(true)
  const answer = readAll(socket)
  for (const piece of pieces(bytes)) {
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()))
  }
  if (halfClose) socket.end()
  const text = await answer
  if (Buffer.byteLength(text) > oldReadBytes) throw new Error('the answer is longer than an old client reads')
  return text
}

/** What proves an old client, as the older project makes it. */
export function authToken(name: string, secret: string): string {
  return createHash('sha256').update(`${name}:${secret}`).digest('hex')
}

/** The older project's client: knows its name and its token, and says both each time. */
export class OldClient {
  readonly port: number
  name: string
  token: string

  constructor(port: number, name: string, token = '') {
    this.port = port
    this.name = name
    this.token = token
  }

  /** Keeps the token, as the scripts do in `~/.ipc-session`. */
  async register(secret: string | undefined): Promise<OldAnswer> {
    const answer = await exchange(this.port, {
      action: 'register',
      instance_id: this.name,
      auth_token: secret === undefined ? '' : authToken(this.name, secret),
    })
    this.token = answer.session_token ?? this.token
    return answer
  }

  send(to: string, content: string, data?: object): Promise<OldAnswer> {
    return this.#ask({ action: 'send', from_id: this.name, to_id: to, message: { content, ...(data && { data }) } })
  }

  broadcast(content: string): Promise<OldAnswer> {
    return this.#ask({ action: 'broadcast', from_id: this.name, message: { content } })
  }

  async check(): Promise<readonly OldMessage[]> {
    const answer = await this.#ask({ action: 'check', instance_id: this.name })
    if (answer.messages === undefined) throw new Error(answer.message)
    return answer.messages
  }

  list(): Promise<OldAnswer> {
    return this.#ask({ action: 'list' })
  }

  async rename(to: string): Promise<OldAnswer> {
    const answer = await this.#ask({ action: 'rename', old_id: this.name, new_id: to })
    if (answer.status === 'ok') this.name = to
    return answer
  }

  #ask(request: object): Promise<OldAnswer> {
    return exchange(this.port, { ...request, session_token: this.token })
  }
}
