import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Json } from './format.ts'
import { Fault, Stream, withDeadline } from './stream.ts'

/** What the driver writes: the answer to a command, or an event. */
export interface DriverLine {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
  readonly event?: string
  readonly params?: unknown
}

/** The program around the client under test. */
export class Driver {
  readonly lines = new Stream<DriverLine>()
  readonly #child: ChildProcessWithoutNullStreams
  readonly #ended: Promise<number | null>
  #lastId = 0
  #stderr = ''

  constructor([program, ...args]: readonly string[], environment: Readonly<Record<string, string>>) {
    if (program === undefined) throw new Error('there is no command for the driver')
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('BELLHOP_'))
    this.#child = spawn(program, args, { env: { ...Object.fromEntries(inherited), ...environment } })
    this.#child.stdin.on('error', () => undefined)
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-2_000)))
    createInterface(this.#child.stdout).on('line', (line) => this.#read(line))
    this.#ended = once(this.#child, 'close').then(
      ([code]) => code as number | null,
      (error: unknown) => {
        this.#stderr += String(error)
        return null
      },
    )
    void this.#ended.then((code) => this.lines.end(`the driver ended with ${code}`))
  }

  /** The end of what it wrote to standard error. */
  get complaint(): string {
    return this.#stderr.trim()
  }

  /** Writes a command; returns its id. */
  tell(method: string, params: Json): number {
    this.#lastId += 1
    this.#child.stdin.write(`${JSON.stringify({ id: this.#lastId, method, params })}\n`)
    return this.#lastId
  }

  /** The answer to a command. */
  answer(id: number, method: string, deadlineMs: number): Promise<DriverLine> {
    return this.lines.take((line) => line.id === id, `the driver's answer to "${method}"`, deadlineMs)
  }

  /** Ends its standard input, and resolves when it has exited with 0. */
  async end(deadlineMs: number): Promise<void> {
    this.#child.stdin.end()
    const code = await withDeadline(this.#ended, 'the end of the driver', deadlineMs)
    if (code !== 0) throw new Fault(`the driver ended with ${code} instead of 0`)
  }

  /** For a driver that may still run, whatever happened. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  #read(text: string): void {
    try {
      const line = JSON.parse(text) as DriverLine | null
      if (typeof line === 'object' && line !== null) return this.lines.push(line)
    } catch {
      // Reported below.
    }
    this.lines.end(`the driver wrote what is no JSON object: ${text.slice(0, 100)}`)
  }
}
