import type { Driver, DriverLine } from './driver.ts'
import type { ClientStep, Json } from './format.ts'
import type { Frame, Line } from './line.ts'
import { match, shorten } from './match.ts'
import { Bindings } from './resolve.ts'
import type { Stage } from './stage.ts'
import { Fault, withDeadline } from './stream.ts'

/** What the client proves that it knows; the driver is told. */
export const secret = 'the secret of the conformance kit'
const hubNonce = 'aHViLW5vbmNlLW9mLXRoZS1raXQtMDAx'

/** What the kit answers where a vector leaves it to the kit. */
const answers = {
  hello: {
    hub: { version: '0.1.0', revision: 2 },
    limits: { inlineBytes: 10_240, frameBytes: 262_144, blobBytes: 16_777_216, pingMs: 25_000 },
  },
  attached: {
    session: { token: 'mJ0b3r6n6mZ8qk2QyKf4cQb1dS7wXv9uT5hLpNaEgRo', expiresAt: '2036-11-23T09:30:00.000Z' },
    epoch: 'k3x9q2ab',
    recovered: false,
    waiting: 0,
    topics: ['#all'],
    autoCheck: { enabled: false, minutes: 0 },
    created: true,
  },
  status: {
    hub: {
      version: '0.1.0',
      epoch: 'k3x9q2ab',
      startedAt: '2026-11-22T09:00:00.000Z',
      now: '2026-11-22T09:30:06.000Z',
      connections: 1,
      agents: 1,
      online: 1,
      writable: true,
    },
  },
} satisfies Record<string, Json>

/** Plays the hub, tells the driver what to do, and compares what the client does. */
export class ClientTalk {
  readonly #stage: Stage
  readonly #driver: Driver
  readonly #deadlineMs: number
  readonly #bindings: Bindings
  readonly #ignore: ReadonlySet<string>
  readonly #lines = new Map<string, Line>()
  readonly #told = new Map<string, { readonly id: number; readonly method: string }>()
  readonly #requests = new Map<string, { readonly line: Line; readonly id: unknown }>()
  readonly #ids = new WeakMap<Line, Set<unknown>>()
  readonly #nonces = new Set<string>()
  #last = ''

  constructor(
    stage: Stage,
    driver: Driver,
    deadlineMs: number,
    define: Readonly<Record<string, Json>>,
    ignore: readonly string[],
  ) {
    this.#stage = stage
    this.#driver = driver
    this.#deadlineMs = deadlineMs
    this.#bindings = new Bindings(secret, { attached: answers.attached, ...define })
    this.#ignore = new Set(ignore)
  }

  /** Tells the driver to begin; every conversation does. */
  async start(params: Record<string, Json>): Promise<void> {
    const id = this.#driver.tell('start', params)
    await this.#hear(id, 'start', {})
  }

  async step(step: ClientStep): Promise<void> {
    if ('tell' in step) {
      const params = this.#bindings.resolve(step.params ?? {})
      return void this.#told.set(step.as, { id: this.#driver.tell(step.tell, params), method: step.tell })
    }
    if ('told' in step) {
      const told = this.#told.get(step.told)
      if (!told) throw new Error(`the vector awaits "${step.told}", which it never told`)
      return this.#hear(told.id, told.method, step)
    }
    if ('event' in step) return this.#event(step)
    if ('accept' in step) return void (await this.#accept(step.accept, step.notBeforeMs))
    if ('greet' in step) return this.greet(step.greet, step.notBeforeMs)
    if ('enter' in step) return this.enter(step)
    if ('answer' in step) return this.#answer(step)
    const line = this.#line(step.on)
    if ('frame' in step) return line.write({ jsonrpc: '2.0', ...(this.#bindings.resolve(step.frame) as object) })
    if ('text' in step) return line.socket.send(this.#bindings.text(step.text))
    if ('binary' in step) return line.socket.send(Buffer.from(this.#bindings.text(step.binary)))
    if ('cut' in step) return this.#end(line, () => line.socket.terminate())
    if ('close' in step) return this.#end(line, () => line.socket.close(step.close, step.reason))
    if ('closed' in step)
      return void (await withDeadline(line.closed, "the client's end of the connection", this.#deadlineMs))
    if ('none' in step) return this.#none(line, step.none)
    if ('settle' in step) return this.settle()
    return this.#expect(line, step.expect, step.as)
  }

  /** A connection, and a handshake on it in which both sides prove themselves. */
  async greet(name: string, notBeforeMs?: number): Promise<void> {
    const line = await this.#accept(name, notBeforeMs)
    line.write({
      jsonrpc: '2.0',
      method: 'challenge',
      params: { protocol: 'bellhop.v1', nonce: hubNonce, auth: 'hmac-sha256' },
    })
    await this.#expect(
      line,
      { method: 'hello', params: { nonce: { $capture: `${name}.nonce`, is: { $any: 'string' } } } },
      'hello',
    )
    const nonce = this.#bindings.text({ $use: `${name}.nonce` })
    if (this.#nonces.has(nonce)) throw new Fault('the client used its nonce a second time')
    this.#nonces.add(nonce)
    this.#compare(this.#bindings.proof('client', hubNonce, nonce), this.#bindings.value('proof'), "the client's proof")
    this.#answer({ answer: 'hello', result: { ...answers.hello, proof: this.#bindings.proof('hub', hubNonce, nonce) } })
  }

  /** A greeted connection on which the client takes a name. */
  async enter({ enter, name, attached }: Extract<ClientStep, { enter: string }>): Promise<void> {
    const id = this.#driver.tell('register', { name })
    await this.greet(enter)
    const line = this.#line(enter)
    const key = { $capture: `${enter}.key`, is: { $matches: '^[A-Za-z0-9_-]{43}$' } }
    await this.#expect(line, { method: 'register', params: { name, key } }, 'register')
    this.#answer({ answer: 'register', result: { ...answers.attached, name, ...attached } })
    await this.#hear(id, 'register', { result: { name } })
  }

  /** One request there and back: whatever the kit wrote before, the client has dealt with. */
  async settle(): Promise<void> {
    const id = this.#driver.tell('status', {})
    await this.#expect(this.#line(undefined), { method: 'status' }, 'status')
    this.#answer({ answer: 'status', result: answers.status })
    await this.#hear(id, 'status', { result: {} })
  }

  /** The client has said nothing but what was asked for. Settle first. */
  quiet(): void {
    const isUnasked = ({ event }: DriverLine): boolean => event !== 'state' && !this.#ignore.has(event ?? '')
    const line = this.#driver.lines.left.find(isUnasked)
    if (line) throw new Fault(`the driver said what it was not asked: ${shorten(JSON.stringify(line))}`)
  }

  /** Compares what a driver computes. False where its client does not offer it. */
  async compute(method: string, params: Json, expected: Json): Promise<boolean> {
    const line = await this.#driver.answer(this.#driver.tell(method, params), method, this.#deadlineMs)
    if ((line.error as { reason?: string } | undefined)?.reason === 'unsupported') return false
    if (line.error !== undefined)
      throw new Fault(`the driver's answer to "${method}" is ${shorten(JSON.stringify(line))}`)
    this.#compare(expected, line.result, `the driver's answer to "${method}"`)
    return true
  }

  /** Closes the client, and looks whether it did anything that the vector did not name. */
  async finish(): Promise<void> {
    await this.#hear(this.#driver.tell('close', {}), 'close', { result: {} })
    await this.#driver.end(this.#deadlineMs)
    this.quiet()
    for (const [name, line] of this.#lines) {
      line.check()
      const left = line.frames.left.find(({ method }) => !this.#ignore.has(method ?? ''))
      if (left) throw new Fault(`the client said on connection "${name}": ${shorten(JSON.stringify(left))}`)
    }
    if (this.#stage.arrivals.left.length > 0) {
      throw new Fault('the client connected again, which it was not to do')
    }
  }

  #line(name: string | undefined): Line {
    const line = this.#lines.get(name ?? this.#last)
    if (!line) throw new Error(`the vector speaks on connection "${name ?? this.#last}", which never came`)
    return line
  }

  async #accept(name: string, notBeforeMs = 0): Promise<Line> {
    const ended = this.#lines.get(this.#last)?.endedAt
    const { line, at, protocols } = await this.#stage.arrivals.take(() => true, 'a connection', this.#deadlineMs)
    this.#lines.set(name, line)
    this.#last = name
    if (!protocols.includes('bellhop.v1')) throw new Fault(`the client asks for the subprotocol "${protocols.join()}"`)
    const waited = at - (ended ?? -Infinity)
    if (waited < notBeforeMs) throw new Fault(`the client came back after ${Math.round(waited)} ms, not ${notBeforeMs}`)
    return line
  }

  /** The next request of the method. Its id must be one that the client has not used on this connection. */
  async #expect(line: Line, expected: Json, as: string | undefined): Promise<void> {
    const { method } = this.#bindings.resolve(expected) as Frame
    const what = `the request ${method}`
    const frame = await line.frames.take((frame) => frame.method === method, what, this.#deadlineMs)
    line.check()
    if (JSON.stringify(frame).includes(secret)) throw new Fault(`the client sent the secret in ${what}`)
    this.#compare({ id: { $any: 'integer' } }, frame, what)
    const used = this.#ids.get(line) ?? new Set()
    if (used.has(frame.id)) throw new Fault(`the client used the id ${frame.id} twice on one connection`)
    this.#ids.set(line, used.add(frame.id))
    this.#compare(expected, frame, what)
    if (method === 'hello') this.#bindings.bind('proof', (frame.params as { proof?: Json }).proof ?? null)
    if (as !== undefined) this.#requests.set(as, { line, id: frame.id })
  }

  #answer({ answer, result, error }: Extract<ClientStep, { answer: string }>): void {
    const request = this.#requests.get(answer)
    if (!request) throw new Error(`the vector answers "${answer}", which it never expected`)
    const what =
      error === undefined ? { result: this.#bindings.resolve(result ?? {}) } : { error: this.#bindings.resolve(error) }
    request.line.write({ jsonrpc: '2.0', id: request.id, ...what })
  }

  async #hear(
    id: number,
    method: string,
    { result, error }: { result?: Json | undefined; error?: Json | undefined },
  ): Promise<void> {
    const line = await this.#driver.answer(id, method, this.#deadlineMs)
    const failed = line.error !== undefined
    const what = `the driver's answer to "${method}"`
    if (failed !== (error !== undefined)) throw new Fault(`${what} is ${shorten(JSON.stringify(line))}`)
    this.#compare(failed ? error! : (result ?? {}), failed ? line.error : line.result, what)
  }

  /** The next event of this kind; of states, the next that fits. */
  async #event({ event, params }: Extract<ClientStep, { event: string }>): Promise<void> {
    const fits = (line: DriverLine): boolean =>
      event !== 'state' || match(params, line.params, this.#bindings).length === 0
    const what = `the event "${event}"${event === 'state' ? ` ${JSON.stringify(params)}` : ''}`
    const line = await this.#driver.lines.take((line) => line.event === event && fits(line), what, this.#deadlineMs)
    this.#compare(params, line.params, what)
  }

  #none(line: Line, method: string): void {
    const frame = line.frames.left.find((frame) => frame.method === method)
    if (frame) throw new Fault(`no ${method} was to come, but ${shorten(JSON.stringify(frame))}`)
  }

  async #end(line: Line, how: () => void): Promise<void> {
    how()
    await withDeadline(line.closed, 'the end of the connection', this.#deadlineMs)
  }

  #compare(expected: Json, actual: unknown, what: string): void {
    const differences = match(expected, actual, this.#bindings)
    if (differences.length > 0) throw new Fault(`${what} does not fit. ${differences.join('; ')}`)
  }
}
