import { limits } from '../../../protocol/index.ts'
import { knownFrames, keyOf, ownName, validRequest } from './corpus.ts'
import type { FuzzOne } from './campaign.ts'
import type { FuzzedHub } from './fuzzed-hub.ts'
import { mutate, mutateText } from './mutate.ts'
import { Random } from './random.ts'
import { textFrame } from './raw-frames.ts'
import { RawPeer } from './raw-peer.ts'
import { Violation } from './violation.ts'
import { Watch } from './watch.ts'

/** Frames that are sent in one write, and writes on one connection. */
const batchFrames = { min: 16, max: 128 }
const batches = { min: 1, max: 4 }

/** Ids of messages and sessions that are remembered, to be used. */
const idsKept = 64

/** Share of connections that never authenticate, and of those that never register. */
const strangers = 0.15
const guests = 0.25

/** Bytes that a UTF-16 unit takes in UTF-8, at most. */
const bytesOfCharacter = 3

/** A connection with what it has seen. */
export class FuzzedConnection {
  readonly watch = new Watch()
  readonly peer: RawPeer
  readonly ids: string[] = []
  readonly sessions: string[] = []
  nonce: string | undefined
  #lastId = 0

  constructor(hub: FuzzedHub) {
    this.peer = new RawPeer(hub, (text) => this.watch.received(text))
    this.watch.onNotification = (method, params) => {
      if (method === 'challenge') this.nonce = String(params['nonce'])
      if (method === 'message') this.#learn(this.ids, String(params['id']))
    }
    this.watch.onResult = (method, result) => {
      const { id, session } = result as { id?: string; session?: { token: string } }
      if (method === 'send' && id !== undefined) this.#learn(this.ids, id)
      if (session) this.#learn(this.sessions, session.token)
    }
  }

  get nextId(): number {
    return (this.#lastId += 1)
  }

  async challenged(): Promise<void> {
    await this.peer.until(() => this.nonce !== undefined || this.peer.ending !== undefined, 'the challenge')
  }

  /** Sends frames in one write. */
  send(texts: readonly string[]): void {
    for (const text of texts) this.watch.sent(text)
    this.peer.write(Buffer.concat(texts.map(textFrame)))
  }

  /** Resolves when each frame is answered, or the hub has closed the connection. */
  async answered(): Promise<void> {
    await this.peer.until(
      () => this.watch.waiting === 0 || this.peer.ending !== undefined,
      `${this.watch.waiting} answers`,
    )
    if (this.peer.ending) Watch.checkEnding(this.peer.ending, false)
  }

  async hello(secret: string): Promise<void> {
    await this.challenged()
    if (this.nonce === undefined) throw new Violation('the hub closed before its challenge')
    const id = this.nextId
    this.watch.sent(JSON.stringify({ jsonrpc: '2.0', id, method: 'hello' }))
    this.peer.hello(this.nonce, secret, id)
    await this.answered()
  }

  async register(name: string): Promise<void> {
    const params = { name, key: keyOf(name), takeOver: true }
    this.send([JSON.stringify({ jsonrpc: '2.0', id: this.nextId, method: 'register', params })])
    await this.answered()
  }

  /** Asks for what every hub answers at once: it still listens, and has not answered anything twice. */
  async checkAlive(): Promise<void> {
    if (this.peer.ending) return
    this.send([JSON.stringify({ jsonrpc: '2.0', id: this.nextId, method: 'status' })])
    await this.answered()
  }

  #learn(known: string[], value: string): void {
    known.push(value)
    if (known.length > idsKept) known.shift()
  }
}

/** Mutated frames of every method: before hello, after it, and as an agent. */
export function fuzzFrames(hub: FuzzedHub, seed: number): FuzzOne {
  return async (stream, onWatch) => {
    const random = new Random(seed, stream)
    const connection = new FuzzedConnection(hub)
    onWatch(connection.watch)
    try {
      const role = random.next()
      if (role < strangers) return await asStranger(random, connection)
      await connection.hello(hub.secret)
      if (role >= strangers + guests) await connection.register(ownName(random))
      return await asPeer(random, connection)
    } finally {
      await connection.peer.leave()
    }
  }
}

/** Nothing that a stranger says lets it in: the hub closes, with a reason. */
async function asStranger(random: Random, connection: FuzzedConnection): Promise<number> {
  await connection.challenged()
  const frames = Array.from({ length: random.int(1, 3) }, () => makeFrame(random, connection))
  connection.send(frames)
  await connection.peer.until(() => connection.peer.ending !== undefined, 'the hub to close')
  Watch.checkEnding(connection.peer.ending!, false)
  return frames.length
}

async function asPeer(random: Random, connection: FuzzedConnection): Promise<number> {
  let sent = 0
  for (let batch = random.int(batches.min, batches.max); batch > 0 && !connection.peer.ending; batch -= 1) {
    const frames = Array.from({ length: random.int(batchFrames.min, batchFrames.max) }, () =>
      makeFrame(random, connection),
    )
    connection.send(frames)
    sent += frames.length
    await connection.answered()
  }
  await connection.checkAlive()
  return sent
}

/** A frame, often a wrong one, but never larger than a frame may be: that ends a connection, and is another fuzzer's. */
function makeFrame(random: Random, connection: FuzzedConnection): string {
  const text = makeText(random, connection)
  return Buffer.byteLength(text) <= limits.frameBytes
    ? text
    : text.slice(0, Math.floor(limits.frameBytes / bytesOfCharacter))
}

function makeText(random: Random, connection: FuzzedConnection): string {
  if (random.chance(0.2)) return mutateText(random, random.pick(knownFrames))
  const { frame } = validRequest(random, connection, connection.nextId)
  if (random.chance(0.3)) return JSON.stringify(frame)
  return mutate(random, frame, connection.nextId)
}
