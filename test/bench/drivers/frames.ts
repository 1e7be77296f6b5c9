import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { limits, proofText, protocolName } from '../../../protocol/index.ts'
import type { Address, Driver, Participant, Received } from '../driver.ts'

interface Frame {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly id: string; readonly content: string; readonly nonce: string; readonly auth: string }
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Call {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** Frames over a bare WebSocket, unchecked: as little work as a client can have, so that the server is what is measured. */
export function framesDriver(address: Address): Driver {
  return { join: (name, received) => openLine(address, name, received) }
}

/** A connection that has proved the secret and has this name; the key is a new one where none is given. */
export async function openLine(
  { url, home = '' }: Address,
  name: string,
  received: Received,
  key: string = randomBytes(32).toString('base64url'),
): Promise<Line> {
  const line = new Line(url, received)
  await line.greet(() => readFileSync(join(home, 'secret'), 'utf8').trim())
  await line.request('register', { name, key, window: limits.windowMax, routes: ['fetch'] })
  return line
}

/** One connection. */
export class Line implements Participant {
  readonly #socket: WebSocket
  readonly #received: Received
  readonly #calls = new Map<number, Call>()
  readonly #challenge = Promise.withResolvers<{ readonly nonce: string; readonly auth: string }>()
  readonly #prefix = randomBytes(9).toString('base64url')
  #lastId = 0
  #shown: string[] = []
  #acknowledged: Promise<unknown> | undefined

  constructor(url: string, received: Received) {
    this.#received = received
    this.#socket = new WebSocket(url, protocolName, { perMessageDeflate: false, skipUTF8Validation: true })
    this.#socket.on('message', (data: Buffer) => this.#read(JSON.parse(data.toString()) as Frame))
    this.#socket.on('error', (error) => this.#lost(error))
    this.#socket.on('close', (code) => this.#lost(new Error(`the connection was closed with ${code}`)))
  }

  /** Proves the secret, where the server asks for it. */
  async greet(secret: () => string): Promise<void> {
    const challenge = await this.#challenge.promise
    const nonce = randomBytes(18).toString('base64url')
    const text = proofText('client', challenge.nonce, nonce)
    const proof = (): string => createHmac('sha256', secret()).update(text).digest('hex')
    await this.request('hello', {
      client: { name: 'bench', version: '0' },
      nonce,
      ...(challenge.auth !== 'open' && { proof: proof() }),
    })
  }

  request(method: string, params: object): Promise<unknown> {
    this.#lastId += 1
    const id = this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#calls.set(id, { resolve, reject })
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return promise
  }

  async send(to: string, content: string): Promise<void> {
    // Ids ascend, as those of the library do.
    const clientId = `${this.#prefix}-${(this.#lastId + 1).toString(36).padStart(8, '0')}`
    await this.request('send', { clientId, to, content })
  }

  broadcast(content: string): Promise<void> {
    return this.send('#all', content)
  }

  async leave(): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close(1000)
    await closed
  }

  #read({ id, method, params, result, error }: Frame): void {
    if (id !== undefined) {
      const call = this.#calls.get(id)
      this.#calls.delete(id)
      if (error === undefined) call?.resolve(result)
      else call?.reject(new Error(error.message))
    } else if (method === 'message' && params) {
      this.#received(params.content)
      if (this.#shown.push(params.id) === 1) queueMicrotask(() => this.#acknowledge())
    } else if (method === 'challenge' && params) {
      this.#challenge.resolve(params)
    }
  }

  /** Those that came in one turn, in one request, as the library does. */
  #acknowledge(): void {
    const ids = this.#shown
    this.#shown = []
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#acknowledged = this.request('ack', { ids, state: 'shown', route: 'fetch' })
    this.#acknowledged.catch(() => undefined)
  }

  /** Resolves with the number of messages that still wait, when the latest acknowledgement was answered. */
  async settled(): Promise<number> {
    // The one for this turn's messages is made at the end of the turn.
    await Promise.resolve()
    return ((await this.#acknowledged) as { readonly waiting: number } | undefined)?.waiting ?? 0
  }

  #lost(error: Error): void {
    this.#challenge.reject(error)
    for (const { reject } of this.#calls.values()) reject(error)
    this.#calls.clear()
  }
}
