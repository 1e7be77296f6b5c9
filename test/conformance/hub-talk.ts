import { once } from 'node:events'
import { WebSocket } from 'ws'
import { errors, type ErrorReason } from '../../protocol/index.ts'
import type { HubStep, Json } from './format.ts'
import { Line, type Frame } from './line.ts'
import { match, shorten } from './match.ts'
import { Bindings } from './resolve.ts'
import { Fault, withDeadline } from './stream.ts'

/** A hub to talk to. */
export interface HubUnderTest {
  /** ws://host:port */
  readonly url: string
  readonly secret: string
  /** The settings, as environment variables, that it is known to run with. */
  readonly settings: Readonly<Record<string, string>>
  /** How long one thing may take to come, in milliseconds. */
  readonly deadlineMs: number
}

interface Peer {
  readonly line: Line
  lastId: number
}

const nonce = 'Y29uZm9ybWFuY2Uta2l0'

/** Speaks as clients do, and compares what the hub says. */
export class HubTalk {
  readonly #hub: HubUnderTest
  readonly #bindings: Bindings
  readonly #ignore: ReadonlySet<string>
  readonly #peers = new Map<string, Peer>()
  readonly #posted = new Map<string, { readonly peer: Peer; readonly id: number }>()
  #last = ''

  constructor(hub: HubUnderTest, define: Readonly<Record<string, Json>>, ignore: readonly string[]) {
    this.#hub = hub
    this.#bindings = new Bindings(hub.secret, define)
    this.#ignore = new Set(ignore)
  }

  async step(step: HubStep): Promise<void> {
    const { deadlineMs } = this.#hub
    if ('connect' in step) return void (await this.#connect(step.connect, step))
    if ('refused' in step) return this.#refused(step)
    if ('greet' in step) return this.#greet(step.greet)
    if ('enter' in step) return this.#enter(step)
    if ('http' in step) return this.#http(step)
    if ('answer' in step) {
      const posted = this.#posted.get(step.answer)
      if (!posted) throw new Error(`the vector awaits an answer to "${step.answer}", which it never posted`)
      return this.#answered(posted.peer, posted.id, step)
    }
    const peer = this.#peer(step.on)
    const { line } = peer
    if ('frame' in step) return line.write({ jsonrpc: '2.0', ...(this.#bindings.resolve(step.frame) as object) })
    if ('text' in step) return line.socket.send(this.#bindings.text(step.text))
    if ('binary' in step) return line.socket.send(Buffer.from(this.#bindings.text(step.binary)))
    if ('cut' in step) {
      line.socket.terminate()
      return void (await withDeadline(line.closed, 'the end of a connection', deadlineMs))
    }
    if ('close' in step) {
      line.socket.close(step.close)
      return void (await withDeadline(line.closed, 'the answer to a close frame', deadlineMs))
    }
    if ('ask' in step) return this.#ask(peer, step)
    if ('post' in step) {
      return void this.#posted.set(step.as, { peer, id: this.#post(peer, step.post, step.params) })
    }
    if ('none' in step) return this.#none(peer, step.none)
    if ('closed' in step) return this.#closed(peer, step.closed)
    return this.#expect(peer, step.expect)
  }

  /** Nothing is left that the vector did not name. */
  async finish(): Promise<void> {
    for (const { line } of this.#peers.values()) await line.settle(this.#hub.deadlineMs)
    for (const [name, { line }] of this.#peers) {
      line.check()
      const left = line.frames.left.filter((frame) => !this.#mayStay(frame))
      if (left.length > 0) throw new Fault(`unasked on connection "${name}": ${shorten(JSON.stringify(left[0]))}`)
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#peers.values()].map(({ line }) => line.end(2_000)))
  }

  #peer(name: string | undefined): Peer {
    const peer = this.#peers.get(name ?? this.#last)
    if (!peer) throw new Error(`the vector speaks on connection "${name ?? this.#last}", which it never made`)
    return peer
  }

  async #connect(
    name: string,
    { headers, protocol = 'bellhop.v1', pong = true }: Partial<Extract<HubStep, { connect: string }>> = {},
  ): Promise<Peer> {
    const socket = this.#open({ headers, protocol, pong })
    const line = new Line(socket)
    const peer: Peer = { line, lastId: 0 }
    this.#peers.set(name, peer)
    this.#last = name
    const refused = new Promise<never>((_, reject) =>
      socket.once('unexpected-response', (_request, response) => {
        socket.terminate()
        reject(new Fault(`the hub refused the connection with HTTP ${response.statusCode}`))
      }),
    )
    refused.catch(() => undefined)
    const opened = Promise.race([once(socket, 'open'), refused])
    await withDeadline(opened, 'the connection', this.#hub.deadlineMs).catch((error: unknown) => {
      throw error instanceof Fault ? error : new Fault(`the connection was not made: ${String(error)}`)
    })
    if (protocol !== null && socket.protocol !== protocol) {
      throw new Fault(`the hub chose the subprotocol "${socket.protocol}", not "${protocol}"`)
    }
    return peer
  }

  #open({
    headers = {},
    protocol = 'bellhop.v1',
    pong = true,
  }: {
    headers?: Record<string, Json> | undefined
    protocol?: string | null | undefined
    pong?: boolean | undefined
  }): WebSocket {
    const options = {
      headers: this.#bindings.resolve(headers) as Record<string, string>,
      autoPong: pong,
      perMessageDeflate: false,
    }
    return protocol === null ? new WebSocket(this.#hub.url, options) : new WebSocket(this.#hub.url, protocol, options)
  }

  async #refused(step: Extract<HubStep, { refused: number }>): Promise<void> {
    const socket = this.#open(step)
    socket.on('error', () => undefined)
    const status = new Promise<number>((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.once('open', () => resolve(101))
      socket.once('close', () => resolve(0))
    })
    const actual = await withDeadline(status, 'an answer to the upgrade', this.#hub.deadlineMs)
    socket.terminate()
    if (actual !== step.refused) throw new Fault(`the upgrade was answered with ${actual}, not ${step.refused}`)
  }

  async #greet(name: string): Promise<void> {
    const peer = await this.#connect(name)
    await this.#expect(peer, {
      method: 'challenge',
      params: { protocol: 'bellhop.v1', nonce: { $capture: `${name}.hubNonce`, is: { $any: 'string' } } },
    })
    const hubNonce = this.#bindings.text({ $use: `${name}.hubNonce` })
    const open = this.#hub.settings['BELLHOP_OPEN'] === 'yes'
    const prove = (role: 'client' | 'hub'): Record<string, Json> =>
      open ? {} : { proof: this.#bindings.proof(role, hubNonce, nonce) }
    const id = this.#post(peer, 'hello', {
      client: { name: 'conformance', version: '1' },
      nonce,
      ...prove('client'),
    })
    await this.#answered(peer, id, { result: { ...prove('hub'), hub: { revision: { $atLeast: 1 } } } })
  }

  async #enter({ enter, name, params, attached }: Extract<HubStep, { enter: string }>): Promise<void> {
    await this.#greet(enter)
    const peer = this.#peer(enter)
    const id = this.#post(peer, 'register', { name: { $name: name }, key: { $key: name }, ...params })
    await this.#answered(peer, id, {
      result: {
        name: { $name: name },
        session: { token: { $capture: `${enter}.token`, is: { $any: 'string' } }, expiresAt: { $any: 'time' } },
        epoch: { $capture: `${enter}.epoch`, is: { $any: 'string' } },
      },
    })
    if (attached !== undefined) this.#compare(attached, this.#bindings.value('answer'), 'the answer to register')
  }

  async #ask(peer: Peer, step: Extract<HubStep, { ask: string }>): Promise<void> {
    for (let index = 0; index < (step.times ?? 1); index += 1) {
      this.#bindings.bind('index', index)
      await this.#answered(peer, this.#post(peer, step.ask, step.params), step)
    }
  }

  #post(peer: Peer, method: string, params: Record<string, Json> = {}): number {
    peer.lastId += 1
    peer.line.write({ jsonrpc: '2.0', id: peer.lastId, method, params: this.#bindings.resolve(params) })
    return peer.lastId
  }

  async #answered(
    { line }: Peer,
    id: number,
    { result, error }: { readonly result?: Json | undefined; readonly error?: Json | undefined },
  ): Promise<void> {
    const what = `the answer to request ${id}`
    const frame = await line.frames.take((frame) => frame.id === id, what, this.#hub.deadlineMs)
    line.check()
    const failed = frame.error !== undefined
    if (failed !== (error !== undefined)) throw new Fault(`${what} is ${shorten(JSON.stringify(frame))}`)
    this.#compare(failed ? errorPattern(error!) : (result ?? {}), failed ? frame.error : frame.result, what)
    if (!failed) this.#bindings.bind('answer', frame.result as Json)
  }

  /** The next notification of the method, or the answer with the id. */
  async #expect(peer: Peer, expected: Json): Promise<void> {
    const { method, id } = this.#bindings.resolve(expected) as Frame
    const what = method === undefined ? `an answer with the id ${id}` : `the notification ${method}`
    const frame = await peer.line.frames.take(
      (frame) => (method === undefined ? frame.method === undefined && frame.id === id : this.#isNext(frame, method)),
      what,
      this.#hub.deadlineMs,
    )
    this.#compare(expected, frame, what)
  }

  #isNext(frame: Frame, method: unknown): boolean {
    return frame.method === method && !this.#isForeign(frame)
  }

  async #none(peer: Peer, method: string): Promise<void> {
    await peer.line.settle(this.#hub.deadlineMs)
    const frame = peer.line.frames.left.find((frame) => this.#isNext(frame, method))
    if (frame) throw new Fault(`no ${method} was to come, but ${shorten(JSON.stringify(frame))}`)
  }

  async #closed(peer: Peer, expected: Json): Promise<void> {
    const closed = await withDeadline(peer.line.closed, 'the end of the connection', this.#hub.deadlineMs)
    this.#compare(expected, closed, 'the close frame')
  }

  async #http(step: Extract<HubStep, { http: string }>): Promise<void> {
    const url = new URL(this.#bindings.text(step.path), this.#hub.url.replace(/^ws/, 'http'))
    const response = await fetch(url, {
      method: step.http,
      headers: this.#bindings.resolve(step.headers ?? {}) as Record<string, string>,
      signal: AbortSignal.timeout(this.#hub.deadlineMs),
      ...(step.body !== undefined && { body: this.#bindings.text(step.body) }),
    }).catch((error: unknown) => {
      throw new Fault(`${step.http} ${url.pathname} failed: ${String(error)}`)
    })
    const text = await response.text()
    const what = `the answer to ${step.http} ${url.pathname}`
    if (response.status !== step.status)
      throw new Fault(`${what} is ${response.status}, not ${step.status}: ${shorten(text)}`)
    if (step.json !== undefined) this.#compare(step.json, parse(text, what), what)
    if (step.text !== undefined) this.#compare(step.text, text, what)
  }

  #compare(expected: Json, actual: unknown, what: string): void {
    const differences = match(expected, actual, this.#bindings)
    if (differences.length > 0) throw new Fault(`${what} does not fit. ${differences.join('; ')}`)
  }

  #mayStay(frame: Frame): boolean {
    if (frame.method === undefined) return false
    return frame.method === 'closing' || this.#ignore.has(frame.method) || this.#isForeign(frame)
  }

  /** About agents that are not of this conversation: others may use the hub too. */
  #isForeign({ method, params }: Frame): boolean {
    if (typeof params !== 'object' || params === null) return false
    const about = params as { name?: string; previous?: string; kind?: string; data?: { name?: string } }
    if (method === 'presence' || method === 'renamed') return !this.#bindings.isOwn(about.name ?? '')
    return method === 'message' && about.kind === 'notice' && about.data?.name !== undefined
      ? !this.#bindings.isOwn(about.data.name)
      : false
  }
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Fault(`${what} is no JSON: ${shorten(text)}`)
  }
}

/** An error of the wire in full; a reason alone stands for its row of the table [P-5]. */
function errorPattern(error: Json): Json {
  if (typeof error !== 'string') return error
  const { code, temporary } = errors[error as ErrorReason]
  const text = { $matches: '.' }
  return { code, message: text, data: { reason: error, temporary, next: text } }
}
