import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Method } from '../../../protocol/index.ts'
import type { Random } from './random.ts'

/** What a generator of requests may refer to: what this connection has seen. */
export interface Known {
  /** Ids of messages that came over it. */
  readonly ids: readonly string[]
  /** Sessions that it was given. */
  readonly sessions: readonly string[]
}

/** Names that belong to the fuzzer. A bounded number: what the hub keeps for each must not look like a leak. */
const ownNames = Array.from({ length: 32 }, (_, index) => `mallory-${index}`)
/** Names that nobody registers, for mail that waits. */
const vacantNames = ['nobody', 'Nobody-2', 'x'.repeat(32)]
/** Those of the bystanders, whose keys the fuzzer does not have. */
const foreignNames = ['alice', 'bob', 'ALICE']
const topics = ['#one', '#Two', '#three-3', `#${'y'.repeat(32)}`]
const routes = ['wait', 'tool_result', 'channel', 'hook', 'wake', 'resource', 'fetch']

const texts = [
  'hello',
  '',
  'ünïcödé 你好 🎉',
  '\u0000 NUL',
  '\ud800 alone',
  'ends with \udfff',
  '\u2028\u2029\ufeff',
  'e\u0301'.repeat(40),
  '"\\\u001b[31m',
  '__proto__',
]

/** One name of the fuzzer's own. */
export function ownName(random: Random): string {
  return random.pick(ownNames)
}

/** The key of a name of the fuzzer. */
export function keyOf(name: string): string {
  return Buffer.from(`key of ${name.toLowerCase()}`.padEnd(32, '.').slice(0, 32)).toString('base64url')
}

function anyName(random: Random): string {
  const among = random.next()
  return random.pick(among < 0.75 ? ownNames : among < 0.97 ? vacantNames : foreignNames)
}

/** Everyone is in #all, so what goes there costs as many pushes as there are connections. */
function topic(random: Random): string {
  return random.chance(0.05) ? '#all' : random.pick(topics)
}

function messageId(random: Random, { ids }: Known): string {
  return ids.length > 0 && random.chance(0.8) ? random.pick(ids) : `k3x9q2ab-${random.int(0, 999_999)}`
}

function attachment(random: Random): object {
  return {
    window: random.pick([0, 1, 4, 64, 1024]),
    routes: routes.filter(() => random.chance(0.3)),
    presence: random.chance(0.05),
  }
}

function content(random: Random): string {
  if (random.chance(0.995)) return random.pick(texts)
  // Around where a body becomes a blob, and rarely, because each is a file.
  return 'z'.repeat(10 * 1024 + random.int(-1, 2))
}

function data(random: Random): unknown {
  let value: unknown = random.pick<unknown>([1, 'x', null, [], {}, 1e300])
  const depth = random.pick([1, 2, 31, 32, 33])
  for (let level = 1; level < depth; level += 1) value = random.chance(0.5) ? { a: value } : [value]
  return { value }
}

const generators: { readonly [M in Method]: (random: Random, known: Known) => object } = {
  hello: (random) => ({
    client: { name: random.pick(texts), version: '1' },
    nonce: 'Zm9vYmFyYmF6cXV4MTIzNA',
    proof: random.pick(['0', 'f']).repeat(64),
  }),
  register: (random) => {
    const name = random.chance(0.1) ? anyName(random) : ownName(random)
    return { name, key: keyOf(name), takeOver: random.chance(0.1), ...attachment(random) }
  },
  resume: (random, { sessions }) => ({
    session: sessions.length > 0 && random.chance(0.7) ? random.pick(sessions) : 'A'.repeat(43),
    ...(random.chance(0.5) && { position: { epoch: 'k3x9q2ab', seq: random.int(0, 1e6) } }),
    ...attachment(random),
  }),
  send: (random, known) => ({
    clientId: `c-${random.int(0, 0x7fff_ffff)}`,
    to: random.chance(0.1) ? topic(random) : anyName(random),
    content: content(random),
    ...(random.chance(0.2) && { data: data(random) }),
    ...(random.chance(0.2) && { replyTo: messageId(random, known) }),
    ...(random.chance(0.2) && { thread: random.pick(['t', '文', 'T'.repeat(64)]) }),
    ...(random.chance(0.3) && { priority: random.pick(['low', 'normal', 'urgent']) }),
    ...(random.chance(0.02) && { blob: 'b'.repeat(21) }),
    ...(random.chance(0.2) && { ttlSeconds: random.pick([60, 3600, 7_776_000]) }),
  }),
  fetch: (random) => ({ after: random.pick([0, 1, 1e9]), limit: random.pick([1, 2, 20]) }),
  ack: (random, known) => ({
    ids: Array.from({ length: random.pick([1, 1, 8, 64]) }, () => messageId(random, known)),
    state: random.pick(['offered', 'shown', 'shown']),
    route: random.pick(routes),
  }),
  list: (random) => ({ ...(random.chance(0.5) && { after: anyName(random) }), limit: random.pick([1, 5, 200]) }),
  rename: (random) => ({ name: random.chance(0.8) ? ownName(random) : anyName(random) }),
  join: (random) => ({ topic: topic(random) }),
  leave: (random) => ({ topic: topic(random) }),
  history: (random) => ({
    ...(random.chance(0.3) && { with: anyName(random) }),
    ...(random.chance(0.2) && { thread: 't' }),
    ...(random.chance(0.3) && { before: random.int(0, 1e6) }),
    limit: random.pick([1, 5, 20]),
  }),
  receipts: (random, known) => ({
    ...(random.chance(0.5) && { id: messageId(random, known) }),
    limit: random.pick([1, 5, 20]),
  }),
  configure: (random) => ({ autoCheck: { enabled: random.chance(0.5), minutes: random.int(0, 60) } }),
  reach: (random) => ({ routes: routes.filter(() => random.chance(0.5)) }),
  release: () => ({}),
  status: () => ({}),
}

/** How often each verb comes: those that end or move a name seldom, so that there is somebody to talk to. */
const weights: { readonly [M in Method]?: number } = {
  send: 5,
  ack: 4,
  release: 0.02,
  rename: 0.02,
  register: 0.2,
  history: 0.5,
  list: 0.5,
}
const methods = Object.keys(generators) as Method[]
const weightOf = (method: Method): number => weights[method] ?? 1
const total = methods.reduce((sum, method) => sum + weightOf(method), 0)

/** A request that a hub must accept as a frame, whatever it then says to it. */
export function validRequest(random: Random, known: Known, id: number): { method: Method; frame: object } {
  let rest = random.next() * total
  const method = methods.find((each) => (rest -= weightOf(each)) < 0) ?? 'status'
  return { method, frame: { jsonrpc: '2.0', id, method, params: generators[method](random, known) } }
}

interface Vector {
  readonly frame?: unknown
  readonly text?: unknown
}

/** The frames of the conformance kit, as texts: good ones and bad ones, to be mutated. */
export const knownFrames: readonly string[] = (
  JSON.parse(
    readFileSync(fileURLToPath(new URL('../../../protocol/conformance/frames/requests.json', import.meta.url)), 'utf8'),
  ) as { vectors: Vector[] }
).vectors.flatMap(({ frame, text }) =>
  typeof text === 'string' ? [text] : frame === undefined ? [] : [JSON.stringify(frame)],
)
