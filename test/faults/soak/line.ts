import { createHmac, randomBytes } from 'node:crypto'
import { WebSocket } from 'ws'
import {
  proofText,
  protocolName,
  type Method,
  type NotificationName,
  type NotificationParams,
  type ParamsInput,
  type Result,
} from '../../../protocol/index.ts'

/** What the hub pushes. */
export type Push = {
  [N in NotificationName]: { readonly method: N; readonly params: NotificationParams<N> }
}[NotificationName]

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: { readonly message: string } }

interface Call {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** One connection that speaks the wire unchecked: the hub is to be tired out, not whoever writes to it. */
export class Line {
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  readonly #socket: WebSocket
  readonly #heard: (push: Push) => void
  readonly #calls = new Map<number, Call>()
  readonly #challenge = Promise.withResolvers<NotificationParams<'challenge'>>()
  #lastId = 0

  constructor(url: string, heard: (push: Push) => void) {
    this.#heard = heard
    this.#socket = new WebSocket(url, protocolName, { perMessageDeflate: false, skipUTF8Validation: true })
    this.#socket.on('message', (data: Buffer) => this.#read(JSON.parse(data.toString()) as Push | Answer))
    this.#socket.on('error', (error) => this.#lost(error))
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code) => {
        this.#lost(new Error(`the connection was closed with ${code}`))
        resolve(code)
      })
    })
  }

  /** Proves the secret. */
  async greet(secret: string): Promise<void> {
    const { nonce: hubNonce } = await this.#challenge.promise
    const nonce = randomBytes(18).toString('base64url')
    const text = proofText('client', hubNonce, nonce)
    const proof = createHmac('sha256', secret).update(text).digest('hex')
    await this.request('hello', { client: { name: 'soak', version: '0' }, nonce, proof })
  }

  /** Rejects with what the hub says, or when the connection ends before it answers. */
  request<M extends Method>(method: M, params: ParamsInput<M>): Promise<Result<M>> {
    this.#lastId += 1
    const id = this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#calls.set(id, { resolve, reject })
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    return promise as Promise<Result<M>>
  }

  /** Ends it as a program does that has time for it. */
  async close(): Promise<void> {
    this.#socket.close(1000)
    await this.closed
  }

  /** Ends it as a program does that is killed. */
  async terminate(): Promise<void> {
    this.#socket.terminate()
    await this.closed
  }

  #read(frame: Push | Answer): void {
    if ('id' in frame) {
      const call = this.#calls.get(frame.id)
      this.#calls.delete(frame.id)
      if (frame.error === undefined) call?.resolve(frame.result)
      else call?.reject(new Error(frame.error.message))
    } else if (frame.method === 'challenge') this.#challenge.resolve(frame.params)
    else this.#heard(frame)
  }

  #lost(error: Error): void {
    this.#challenge.reject(error)
    for (const { reject } of this.#calls.values()) reject(error)
    this.#calls.clear()
  }
}
