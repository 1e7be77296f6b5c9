/** WebSocket's frame types. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** A WebSocket frame, right or wrong. Left out, each part is as a client should write it. */
export interface FrameParts {
  readonly opcode: number
  readonly payload?: Buffer
  readonly fin?: boolean
  /** The three reserved bits. */
  readonly rsv?: number
  /** Four bytes; false leaves the mask out. The mask of zeros changes nothing, and is as good as any. */
  readonly mask?: Buffer | false
  /** What the header says of the length, in so many bytes (0: in the header's own seven bits). */
  readonly length?: { readonly says: bigint; readonly bytes: 0 | 2 | 8 }
}

const plainMask = Buffer.alloc(4)

/** The bytes of a frame. */
export function encodeFrame({
  opcode,
  payload = Buffer.alloc(0),
  fin = true,
  rsv = 0,
  mask = plainMask,
  length = shortest(payload.length),
}: FrameParts): Buffer {
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  const masked = mask === false ? 0 : 0x80
  const said = length.bytes === 0 ? Number(length.says) : length.bytes === 2 ? 126 : 127
  const extended = Buffer.alloc(length.bytes)
  if (length.bytes === 2) extended.writeUInt16BE(Number(length.says))
  if (length.bytes === 8) extended.writeBigUInt64BE(length.says)
  const head = Buffer.concat([Buffer.from([first, masked | said]), extended])
  if (mask === false) return Buffer.concat([head, payload])
  const body = mask.equals(plainMask) ? payload : payload.map((byte, index) => byte ^ mask[index % 4]!)
  return Buffer.concat([head, mask, body])
}

function shortest(length: number): { says: bigint; bytes: 0 | 2 | 8 } {
  return { says: BigInt(length), bytes: length < 126 ? 0 : length < 0x1_0000 ? 2 : 8 }
}

/** A text frame as a client should write it. */
export function textFrame(text: string): Buffer {
  return encodeFrame({ opcode: opcodes.text, payload: Buffer.from(text) })
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: Buffer | string = ''): Buffer {
  const payload = Buffer.alloc(2)
  payload.writeUInt16BE(code)
  return Buffer.concat([payload, Buffer.from(reason)])
}

/** A frame as a server writes it. */
export interface ServerFrame {
  readonly opcode: number
  readonly payload: Buffer
}

/** Takes whole frames off what a server sent; what is left is the beginning of the next. Throws where one is malformed. */
export function takeFrames(bytes: Buffer): { frames: ServerFrame[]; rest: Buffer } {
  const frames: ServerFrame[] = []
  let at = 0
  for (;;) {
    const frame = readFrame(bytes, at)
    if (!frame) return { frames, rest: bytes.subarray(at) }
    frames.push(frame)
    at = frame.end
  }
}

function readFrame(bytes: Buffer, at: number): (ServerFrame & { end: number }) | undefined {
  if (bytes.length < at + 2) return undefined
  const first = bytes[at]!
  const second = bytes[at + 1]!
  if ((first & 0xf0) !== 0x80 || second >= 0x80) throw new Error(`a malformed frame: ${first} ${second}`)
  const extended = second === 126 ? 2 : second === 127 ? 8 : 0
  const start = at + 2 + extended
  if (bytes.length < start) return undefined
  const length =
    extended === 0 ? second : extended === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  const end = start + length
  return bytes.length < end ? undefined : { opcode: first & 0x0f, payload: bytes.subarray(start, end), end }
}
