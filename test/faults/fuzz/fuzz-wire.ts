import { limits } from '../../../protocol/index.ts'
import type { FuzzOne } from './campaign.ts'
import { ownName } from './corpus.ts'
import { FuzzedConnection } from './fuzz-frames.ts'
import type { FuzzedHub } from './fuzzed-hub.ts'
import { Random } from './random.ts'
import { closePayload, encodeFrame, opcodes, textFrame } from './raw-frames.ts'
import { Violation } from './violation.ts'
import { Watch } from './watch.ts'

/** What must become of a connection: it is closed as a breach of WebSocket's rules, or goes on, or may do either. */
type Fate = 'closed' | 'alive' | 'either'

interface Attack {
  readonly fate: Fate
  /** Writes it. Text frames that must be answered are sent through the connection. */
  readonly write: (connection: FuzzedConnection, random: Random) => void
}

function bytes(fate: Fate, make: (random: Random) => Buffer): Attack {
  return { fate, write: ({ peer }, random) => peer.write(make(random)) }
}

const letter = Buffer.from('x')

/** A request that takes exactly so many bytes. */
function requestOf(size: number, id: number): string {
  const text = `{"jsonrpc":"2.0","id":${id},"method":"status","params":{"x":""}}`
  return text.replace('"x":""', () => `"x":"${'x'.repeat(size - text.length)}"`)
}

/** The ways in which bytes can be no WebSocket, and some in which they oddly are. */
const attacks: Readonly<Record<string, Attack>> = {
  'a reserved type': bytes('closed', (random) =>
    encodeFrame({ opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), payload: letter }),
  ),
  'reserved bits': bytes('closed', (random) =>
    encodeFrame({ opcode: opcodes.text, payload: letter, rsv: random.int(1, 7) }),
  ),
  'a control frame in fragments': bytes('closed', (random) =>
    encodeFrame({ opcode: random.pick([8, 9, 10]), fin: false }),
  ),
  'a control frame that is too long': bytes('closed', (random) =>
    encodeFrame({ opcode: random.pick([8, 9, 10]), payload: Buffer.alloc(random.int(126, 300)) }),
  ),
  'no mask': bytes('closed', () => encodeFrame({ opcode: opcodes.text, payload: letter, mask: false })),
  'a continuation of nothing': bytes('closed', () => encodeFrame({ opcode: opcodes.continuation, payload: letter })),
  'a text within a text': bytes('closed', () =>
    Buffer.concat([encodeFrame({ opcode: opcodes.text, fin: false, payload: letter }), textFrame('{}')]),
  ),
  'a length beyond all numbers': bytes('closed', (random) =>
    encodeFrame({
      opcode: opcodes.text,
      length: { says: random.pick([2n ** 63n, 2n ** 64n - 1n, 2n ** 53n, 2n ** 32n]), bytes: 8 },
    }),
  ),
  'a frame that is too large': bytes('closed', (random) =>
    textFrame(requestOf(limits.frameBytes + random.int(1, 8), 1)),
  ),
  'fragments that are too large together': bytes('closed', () => {
    const half = Buffer.alloc(limits.frameBytes / 2 + 1, 0x20)
    return Buffer.concat([
      encodeFrame({ opcode: opcodes.text, fin: false, payload: half }),
      encodeFrame({ opcode: opcodes.continuation, payload: half }),
    ])
  }),
  'fragments without end': bytes('closed', (random) =>
    Buffer.concat([
      encodeFrame({ opcode: opcodes.text, fin: false, payload: letter }),
      ...Array.from({ length: random.int(70, 200) }, () =>
        encodeFrame({
          opcode: opcodes.continuation,
          fin: false,
          payload: random.chance(0.5) ? letter : Buffer.alloc(0),
        }),
      ),
    ]),
  ),
  'no UTF-8': bytes('closed', (random) =>
    encodeFrame({
      opcode: opcodes.text,
      payload: random.pick([
        Buffer.from([0x22, 0xff, 0x22]),
        Buffer.from([0xed, 0xa0, 0x80]),
        Buffer.from([0xc0, 0x80]),
        Buffer.from([0xf5, 0x80, 0x80, 0x80]),
        Buffer.from([0xe2, 0x82]),
      ]),
    }),
  ),
  'a close code that nobody may send': bytes('closed', (random) =>
    encodeFrame({
      opcode: opcodes.close,
      payload: closePayload(random.pick([0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])),
    }),
  ),
  'half a close code': bytes('closed', () => encodeFrame({ opcode: opcodes.close, payload: letter })),
  'a reason to close that is no UTF-8': bytes('closed', () =>
    encodeFrame({ opcode: opcodes.close, payload: closePayload(1000, Buffer.from([0xff])) }),
  ),
  noise: {
    fate: 'either',
    write: ({ watch, peer }, random) => {
      watch.noisy = true
      peer.write(random.bytes(random.int(2, 400)))
    },
  },
  'a binary frame': {
    fate: 'alive',
    write: ({ watch, peer }, random) => {
      watch.sent('a binary frame')
      peer.write(encodeFrame({ opcode: opcodes.binary, payload: random.bytes(random.int(0, 50)) }))
    },
  },
  'a length that takes more bytes than it needs': {
    fate: 'either',
    write: (connection) => {
      const text = requestOf(100, connection.nextId)
      connection.watch.sent(text)
      connection.peer.write(
        encodeFrame({ opcode: opcodes.text, payload: Buffer.from(text), length: { says: 100n, bytes: 8 } }),
      )
    },
  },
  'the largest frame': {
    fate: 'alive',
    write: (connection, random) =>
      connection.send([requestOf(limits.frameBytes - random.int(0, 2), connection.nextId)]),
  },
  'a few fragments, with a ping between them': {
    fate: 'alive',
    write: (connection, random) => {
      const text = requestOf(random.int(100, 2_000), connection.nextId)
      connection.watch.sent(text)
      const payload = Buffer.from(text)
      const cuts = Array.from({ length: random.int(1, 40) }, () => random.int(0, payload.length)).sort((a, b) => a - b)
      const parts = [0, ...cuts].map((from, index) => payload.subarray(from, cuts[index] ?? payload.length))
      for (const [index, part] of parts.entries()) {
        const opcode = index === 0 ? opcodes.text : opcodes.continuation
        connection.peer.write(
          encodeFrame({ opcode, fin: index === parts.length - 1, payload: part, mask: random.bytes(4) }),
        )
        if (random.chance(0.3)) connection.peer.write(encodeFrame({ opcode: opcodes.ping }))
      }
    },
  },
  'a frame in crumbs': {
    fate: 'alive',
    write: (connection, random) => {
      const text = requestOf(100, connection.nextId)
      connection.watch.sent(text)
      const frame = encodeFrame({ opcode: opcodes.text, payload: Buffer.from(text), mask: random.bytes(4) })
      for (const byte of frame) connection.peer.write(Buffer.from([byte]))
    },
  },
  'pongs that nobody asked for': bytes('alive', (random) =>
    Buffer.concat(
      Array.from({ length: 20 }, () =>
        encodeFrame({ opcode: opcodes.pong, payload: random.bytes(random.int(0, 125)) }),
      ),
    ),
  ),
}

const names = Object.keys(attacks)

/** Bytes that are no WebSocket, over a bare socket: before hello, after it, and as an agent. */
export function fuzzWire(hub: FuzzedHub, seed: number): FuzzOne {
  return async (stream, onWatch) => {
    const random = new Random(seed, stream)
    const connection = new FuzzedConnection(hub)
    onWatch(connection.watch)
    const name = names[stream % names.length]!
    const attack = attacks[name]!
    try {
      const role = random.pick(['stranger', 'guest', 'member'])
      if (role === 'stranger') await connection.challenged()
      else await connection.hello(hub.secret)
      if (role === 'member') await connection.register(ownName(random))
      connection.watch.note(`${role}: ${name}`)
      attack.write(connection, random)
      const end = random.next()
      if (end < 0.1) connection.peer.end('at once')
      else if (end < 0.2) connection.peer.end('in order')
      else await checkFate(connection, role === 'stranger' ? 'closed' : attack.fate, `${role}: ${name}`)
    } finally {
      await connection.peer.leave()
    }
    return 1
  }
}

async function checkFate(connection: FuzzedConnection, fate: Fate, what: string): Promise<void> {
  const { peer, watch } = connection
  const isOver = (): boolean => peer.ending !== undefined
  switch (fate) {
    case 'closed':
      // A stranger's odd but right frame is no hello; what says nothing at all ends by itself, after seconds.
      if (what.startsWith('stranger')) connection.send(['not a hello'])
      await peer.until(isOver, `the end of ${what}`)
      return Watch.checkEnding(peer.ending!, true)
    case 'alive':
      await connection.answered()
      await connection.checkAlive()
      if (isOver() && !isTakenOver(connection)) throw new Violation(`${what}: it was closed`)
      return
    case 'either':
      // Noise may be the beginning of a frame, behind which nothing is heard.
      peer.end('in order')
      await peer.until(isOver, `the end of ${what}`)
      watch.note('over')
  }
}

/** Another of the fuzzer's connections has taken its name. */
function isTakenOver({ peer }: FuzzedConnection): boolean {
  return peer.ending?.kind === 'closed' && peer.ending.code === 4505
}
