import { connect } from 'node:net'
import { errors } from '../../../protocol/index.ts'
import { enter, say, type WirePeer } from '../../support/wire.ts'
import type { FuzzOne } from './campaign.ts'
import type { FuzzedHub } from './fuzzed-hub.ts'
import { Random } from './random.ts'
import { Violation } from './violation.ts'
import { canary } from './canary.ts'
import { Watch } from './watch.ts'

/** How long an answer may take, in milliseconds: above the time that the hub gives a request to be complete. */
const patienceMs = 20_000

/** Silence after which a request is given up, in milliseconds. */
const quietMs = 400

/** What a hub may answer to any request, however it is made. */
const statuses = new Set([
  100, 101, 200, 201, 204, 206, 400, 401, 403, 404, 405, 408, 413, 416, 417, 426, 429, 431, 503,
])

/** What the fuzzer has, and what it must not get. */
export interface HttpStage {
  /** A session of its own. */
  readonly token: string
  /** A blob that is for the bystanders. */
  readonly foreignBlob: string
  /** A blob of its own. */
  readonly ownBlob: string
  readonly peer: WirePeer
}

/** Registers the fuzzer, and lays out what it is to look for. */
export async function setHttpStage(hub: FuzzedHub): Promise<HttpStage> {
  const { peer, attached } = await enter(hub, 'mallory-http', { window: 0 })
  const carol = await enter(hub, 'carol', { window: 0 })
  const token = attached.session.token
  const foreignBlob = await upload(hub, carol.attached.session.token, `${canary} in a blob`)
  await say(carol.peer, 'dave', '', { blob: foreignBlob })
  const ownBlob = await upload(hub, token, 'x'.repeat(5_000))
  return { token, foreignBlob, ownBlob, peer }
}

async function upload(hub: FuzzedHub, token: string, body: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/plain' }
  const response = await fetch(`http://127.0.0.1:${hub.port}/blobs`, { method: 'POST', headers, body })
  return ((await response.json()) as { handle: string }).handle
}

/** Requests and upgrades with something wrong in their first line, their headers, or their body. */
export function fuzzHttp(hub: FuzzedHub, stage: HttpStage, seed: number): FuzzOne {
  return async (stream, onWatch) => {
    const random = new Random(seed, stream)
    const watch = new Watch()
    onWatch(watch)
    const request = makeRequest(random, hub, stage)
    watch.note(request.toString('latin1'))
    checkAnswer(await exchange(hub.port, request, random))
    return 1
  }
}

function makeRequest(random: Random, hub: FuzzedHub, stage: HttpStage): Buffer {
  const headers = [`Host: ${host(random, hub.port)}`, ...makeHeaders(random, stage)]
  if (random.chance(0.8)) headers.push('Connection: close')
  if (random.chance(0.3)) headers.push(...upgradeHeaders(random))
  const shuffled = random.chance(0.2) ? headers.toReversed() : headers
  const end = random.chance(0.95) ? '\r\n\r\n' : random.pick(['\n\n', '\r\n', '\r\n\r', '\r\n\0\r\n'])
  const first = `${method(random)} ${path(random, stage)} ${version(random)}`
  const head = Buffer.from(`${first}\r\n${shuffled.join('\r\n')}${end}`, 'latin1')
  return mutateBytes(random, Buffer.concat([head, body(random)]))
}

function mutateBytes(random: Random, request: Buffer): Buffer {
  if (random.chance(0.6)) return request
  const at = random.int(0, request.length - 1)
  switch (random.int(0, 3)) {
    case 0:
      request[at] = request[at]! ^ (1 << random.int(0, 7))
      return request
    case 1:
      return request.subarray(0, at)
    case 2:
      return Buffer.concat([request.subarray(0, at), random.bytes(random.int(1, 10)), request.subarray(at)])
    default:
      return Buffer.concat([request, request])
  }
}

function host(random: Random, port: number): string {
  if (random.chance(0.7)) return `127.0.0.1:${port}`
  return random.pick([
    'localhost',
    '[::1]',
    'evil.example',
    '',
    '127.0.0.1:99999',
    '[',
    '127.0.0.1@evil',
    '\xff',
    '[::1',
  ])
}

function method(random: Random): string {
  if (random.chance(0.8)) return random.pick(['GET', 'POST', 'HEAD', 'OPTIONS'])
  return random.pick(['PUT', 'DELETE', 'CONNECT', 'TRACE', 'PATCH', 'get', 'PRI', 'X'.repeat(50), 'M-SEARCH'])
}

function version(random: Random): string {
  return random.chance(0.9)
    ? 'HTTP/1.1'
    : random.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.1 ', '', 'HTCPCP/1.0'])
}

function path(random: Random, { foreignBlob, ownBlob }: HttpStage): string {
  const handle = random.pick([foreignBlob, ownBlob, 'b'.repeat(21), `../${foreignBlob}`, `${foreignBlob}%00`])
  if (random.chance(0.5)) return `/blobs/${handle}`
  return random.pick([
    '/healthz',
    '/blobs',
    '/',
    '*',
    '//',
    '/blobs/',
    '/blobs/../bellhop.db',
    '/blobs/%2e%2e%2fsecret',
    `/${'a'.repeat(3_000)}`,
    `/${'a'.repeat(5_000)}`,
    '/admin/backup',
    '/shutdown',
    '/healthz?__proto__=1',
    `http://evil.example/blobs/${foreignBlob}`,
    '/%',
    '/\xff',
    '127.0.0.1:80',
  ])
}

const ranges = [
  'bytes=0-9',
  'bytes=-1',
  'bytes=9-',
  'bytes=9-1',
  'bytes=0-0,2-3',
  'bytes=1e3-',
  'bytes=-',
  'x=0-1',
  'bytes=99999999999999999999-',
  '',
]
const fileNames = [
  'a.txt',
  '%C3%BC',
  '%',
  '%ff',
  '%00',
  '%2e%2e%2f',
  '..',
  'a/b',
  '%F0%9F%8E%89',
  'x'.repeat(300),
  '%E2%80%AE',
]

function makeHeaders(random: Random, { token }: HttpStage): string[] {
  const maybe = (share: number, make: () => string): string[] => (random.chance(share) ? [make()] : [])
  return [
    ...maybe(0.7, () => `Authorization: ${authorization(random, token)}`),
    ...maybe(0.2, () => `Origin: ${random.pick(['null', 'http://evil.example', 'http://127.0.0.1', '://', '\xe9'])}`),
    ...maybe(0.4, () => `Range: ${random.pick(ranges)}`),
    ...maybe(0.3, () => `Content-Type: ${random.pick(['text/plain', '', 'x'.repeat(101), '\xe9\xff', 'a/b; c="\t"'])}`),
    ...maybe(0.3, () => `X-Bellhop-File-Name: ${random.pick(fileNames)}`),
    ...maybe(
      0.4,
      () => `Content-Length: ${random.pick(['0', '5', '5', '-1', '5,5', '1e3', '99999999999', '0x5', ' 5 '])}`,
    ),
    ...maybe(
      0.2,
      () => `Transfer-Encoding: ${random.pick(['chunked', 'chunked, chunked', 'gzip', 'identity', ' chunked'])}`,
    ),
    ...maybe(0.1, () => `Expect: ${random.pick(['100-continue', '200-ok', ''])}`),
    ...maybe(0.1, () => `Access-Control-Request-Method: ${random.pick(['POST', ''])}`),
    ...maybe(0.3, () => `Connection: ${random.pick(['close', 'keep-alive', 'Upgrade', 'close, Upgrade', ''])}`),
    ...maybe(0.05, () => 'A: b\r\n'.repeat(random.pick([10, 500, 1500])).trimEnd()),
    ...maybe(0.05, () =>
      random.pick([': empty', 'no colon', 'Bad Name: x', 'X: \0', 'X:\r\n folded', '__proto__: x', 'constructor: x']),
    ),
  ]
}

function authorization(random: Random, token: string): string {
  if (random.chance(0.6)) return `Bearer ${token}`
  return random.pick([
    `bearer ${token}`,
    `Bearer  ${token}`,
    `Bearer ${token}x`,
    'Bearer',
    `Basic ${token}`,
    `Bearer ${'A'.repeat(43)}`,
    '\xff',
    `Bearer ${token}, Bearer ${token}`,
  ])
}

function upgradeHeaders(random: Random): string[] {
  return [
    `Upgrade: ${random.pick(['websocket', 'websocket', 'WebSocket', 'h2c', 'websocket, h2c', ''])}`,
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${random.pick(['dGhlIHNhbXBsZSBub25jZQ==', 'short', '', '='.repeat(24), '\xff'.repeat(24)])}`,
    `Sec-WebSocket-Version: ${random.pick(['13', '13', '8', '12', '999999999999', '13, 8', '-1', ''])}`,
    `Sec-WebSocket-Protocol: ${random.pick(['bellhop.v1', 'bellhop.v1', 'a, bellhop.v1', 'bellhop.v2', ',', 'bellhop.v1,bellhop.v1', '"'])}`,
    ...(random.chance(0.3)
      ? [
          `Sec-WebSocket-Extensions: ${random.pick(['permessage-deflate', ';', 'permessage-deflate; client_max_window_bits=99', 'x; y="', ','])}`,
        ]
      : []),
  ]
}

function body(random: Random): Buffer {
  return Buffer.from(
    random.pick([
      '',
      '',
      'hello',
      'hello',
      '5\r\nhello\r\n0\r\n\r\n',
      'ffffffffffffffff\r\n',
      '-1\r\n\r\n',
      'x'.repeat(2_000),
      '0\r\nA: b\r\n\r\n',
      '5;x=y\r\nhello\r\n0\r\n\r\n',
    ]),
    'latin1',
  )
}

/**
 * Writes it, and resolves with all that came back. A hub that waits for more is told that there is none: not at
 * once, because Node answers nobody who has ended their own direction.
 */
function exchange(port: number, request: Buffer, random: Random): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1')
    socket.setEncoding('latin1')
    socket.setTimeout(quietMs, () => {
      socket.end()
      socket.setTimeout(patienceMs, () => {
        socket.destroy()
        reject(new Violation(`no end of the connection in ${patienceMs} ms`))
      })
    })
    socket.on('data', (chunk) => (answer += String(chunk)))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    if (random.chance(0.95)) socket.write(request)
    else socket.write(request, () => socket.resetAndDestroy())
  })
}

function checkAnswer(answer: string): void {
  if (answer.includes(canary)) throw new Violation(`another agent's blob was shown: ${answer.slice(-300)}`)
  if (answer === '') return
  for (const [line, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3}) .*$/gm)) {
    if (!statuses.has(Number(status))) throw new Violation(`answered with "${line.trim()}"`)
  }
  if (!answer.startsWith('HTTP/1.1 ')) throw new Violation(`an answer that is no HTTP: ${answer.slice(0, 100)}`)
  for (const [text] of answer.matchAll(/\{"error":.*\}/g)) {
    const { error } = JSON.parse(text) as { error: { code: number; data: { reason: string } } }
    const row = errors[error.data.reason as keyof typeof errors]
    if (row?.code !== error.code) throw new Violation(`an error that is not in the table: ${text}`)
  }
}
