import { once } from 'node:events'
import type { WebSocket } from 'ws'
import { Fault, Stream, withDeadline } from './stream.ts'

/** A JSON-RPC frame of either side, as far as the kit looks at every one. */
export interface Frame {
  readonly jsonrpc?: unknown
  readonly id?: number | string | null
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

/** One WebSocket, seen by the kit from either end: frames that came, frames to write, and how it ended. */
export class Line {
  readonly socket: WebSocket
  readonly frames = new Stream<Frame>()
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  /** Milliseconds of a monotonic clock when it ended. */
  endedAt: number | undefined
  /** What came and is no frame of the protocol. */
  readonly garbage: string[] = []

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('error', () => undefined)
    socket.on('message', (data, isBinary) => {
      const text = (data as Buffer).toString()
      const frame = isBinary ? undefined : asFrame(text)
      if (frame) this.frames.push(frame)
      else this.garbage.push(isBinary ? 'a binary frame' : text)
    })
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.endedAt = performance.now()
        this.frames.end(`the connection was closed (${code} ${reason.toString()})`)
        resolve({ code, reason: reason.toString() })
      })
    })
  }

  write(frame: object): void {
    this.socket.send(JSON.stringify(frame))
  }

  /** A ping answered: everything that the other side had written before has come. Nothing on a closed line. */
  async settle(deadlineMs: number): Promise<void> {
    if (this.socket.readyState !== this.socket.OPEN) return
    this.socket.ping()
    await withDeadline(Promise.race([once(this.socket, 'pong'), this.closed]), 'the answer to a ping', deadlineMs)
  }

  /** Closes politely and waits for the other side to agree. */
  async end(deadlineMs: number): Promise<void> {
    if (this.endedAt !== undefined) return
    this.socket.close(1000)
    await withDeadline(this.closed, 'the end of a connection', deadlineMs).catch(() => this.socket.terminate())
  }

  /** Throws where something came that is no frame. */
  check(): void {
    if (this.garbage.length > 0)
      throw new Fault(`what came is no JSON-RPC 2.0 frame: ${this.garbage[0]!.slice(0, 200)}`)
  }
}

function asFrame(text: string): Frame | undefined {
  try {
    const json = JSON.parse(text) as Frame | null
    return typeof json === 'object' && json !== null && json.jsonrpc === '2.0' ? json : undefined
  } catch {
    return undefined
  }
}
