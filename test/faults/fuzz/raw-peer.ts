import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { proofText } from '../../../protocol/index.ts'
import { Violation } from './violation.ts'
import { encodeFrame, opcodes, takeFrames, textFrame, type ServerFrame } from './raw-frames.ts'

/** How a connection ended: with a close frame's code, or without one. */
export type Ending = { readonly kind: 'closed'; readonly code: number } | { readonly kind: 'cut' }

/** A WebSocket client on a bare TCP socket, which can write anything. */
export class RawPeer {
  readonly #socket: Socket
  readonly #onText: (text: string) => void
  readonly #patienceMs: number
  #rest: Buffer = Buffer.alloc(0)
  #upgraded = false
  #failure: Error | undefined
  #ending: Ending | undefined
  #pongs: Buffer[] = []
  #changed: (() => void)[] = []

  /**
   * `patienceMs`: how long the hub may be silent while something is due. `onText` gets each text frame of the hub;
   * what it throws ends the connection, and comes out of `until`.
   */
  constructor({ port, patienceMs }: { port: number; patienceMs: number }, onText: (text: string) => void) {
    this.#onText = onText
    this.#patienceMs = patienceMs
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk) => this.#take(chunk))
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      this.#ending ??= { kind: 'cut' }
      this.#tell()
    })
    this.#socket.write(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Protocol: bellhop.v1\r\n\r\n',
    )
  }

  /** How it ended, if it did. */
  get ending(): Ending | undefined {
    return this.#ending
  }

  get pongs(): readonly Buffer[] {
    return this.#pongs
  }

  write(bytes: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes)
  }

  /** Ends its own direction, in order or not. */
  end(how: 'in order' | 'at once'): void {
    if (how === 'at once') this.#socket.resetAndDestroy()
    else this.#socket.end()
  }

  /** Cuts the connection, and resolves when it is gone. */
  async leave(): Promise<void> {
    this.#socket.destroy()
    await this.until(() => this.#ending !== undefined, 'the end of the connection')
  }

  /** Resolves once the condition holds; it is looked at whenever something came. Rejects when nothing comes for too long. */
  async until(condition: () => boolean, what: string): Promise<void> {
    for (;;) {
      if (this.#failure) throw this.#failure
      if (condition()) return
      await this.#nextChange(what)
    }
  }

  #nextChange(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Violation(`nothing came for ${this.#patienceMs} ms while waiting for ${what}`)),
        this.#patienceMs,
      )
      this.#changed.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Answers the challenge, with whatever id, and resolves when the hub has answered or closed. */
  hello(hubNonce: string, secret: string, id: number): void {
    const nonce = 'c2VlIHRoZSBmdXp6ZXIgZ28'
    const proof = createHmac('sha256', secret)
      .update(proofText('client', hubNonce, nonce))
      .digest('hex')
    const params = { client: { name: 'fuzz', version: '0' }, nonce, proof }
    this.write(textFrame(JSON.stringify({ jsonrpc: '2.0', id, method: 'hello', params })))
  }

  #take(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    try {
      if (!this.#upgraded && !this.#takeUpgrade()) return
      const { frames, rest } = takeFrames(this.#rest)
      this.#rest = rest
      for (const frame of frames) this.#read(frame)
    } catch (error) {
      this.#failure ??= error as Error
      this.#socket.destroy()
    }
    this.#tell()
  }

  #takeUpgrade(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n')
    if (end < 0) return false
    const head = this.#rest.subarray(0, end).toString('latin1')
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`the upgrade was answered with ${head.split('\r\n')[0]}`)
    this.#rest = this.#rest.subarray(end + 4)
    this.#upgraded = true
    return true
  }

  #read({ opcode, payload }: ServerFrame): void {
    switch (opcode) {
      case opcodes.text:
        this.#onText(payload.toString())
        return
      case opcodes.ping:
        this.write(encodeFrame({ opcode: opcodes.pong, payload }))
        return
      case opcodes.pong:
        this.#pongs.push(Buffer.from(payload))
        return
      case opcodes.close:
        this.#ending ??= { kind: 'closed', code: payload.length >= 2 ? payload.readUInt16BE() : 1005 }
        this.write(encodeFrame({ opcode: opcodes.close, payload }))
        this.#socket.end()
        return
      default:
        throw new Error(`a frame of type ${opcode} from the hub`)
    }
  }

  #tell(): void {
    const changed = this.#changed
    this.#changed = []
    for (const resolve of changed) resolve()
  }
}
