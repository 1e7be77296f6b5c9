import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'
import { shimScript } from './assistant.ts'
import { bareEnvironment } from './environment.ts'

export interface RawAnswer {
  readonly id?: number
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number }
}

/** A shim without an MCP library before it: for tests that look at its lines, its pipes and its end. */
export class RawShim {
  readonly child: ChildProcess
  /** Exit code and signal. */
  readonly exit: Promise<unknown[]>
  /** Every line that was read from its stdout. */
  readonly lines: string[] = []
  #lastId = 0
  readonly #waiting = new Map<number, (answer: RawAnswer) => void>()

  /** `deaf`: nobody reads its stdout. */
  constructor(env: Record<string, string>, { deaf = false, args = [] as readonly string[] } = {}) {
    this.child = spawn(process.execPath, [shimScript, ...args], {
      env: { ...bareEnvironment, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.exit = once(this.child, 'exit')
    onTestFinished(async () => {
      this.child.kill('SIGKILL')
      await this.exit
    })
    if (!deaf) createInterface(this.child.stdout!).on('line', (line) => this.#take(line))
  }

  /** Sends a request without waiting. */
  post(method: string, params: object = {}): number {
    this.#lastId += 1
    this.#write({ id: this.#lastId, method, params })
    return this.#lastId
  }

  request(method: string, params: object = {}): Promise<RawAnswer> {
    const id = this.post(method, params)
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  /** What an assistant says first. Where it is deaf, without waiting for the answer. */
  greet(): void {
    this.post('initialize', {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    })
    this.#write({ method: 'notifications/initialized' })
  }

  postCall(name: string, args: object = {}): number {
    return this.post('tools/call', { name, arguments: args })
  }

  call(name: string, args: object = {}): Promise<RawAnswer> {
    return this.request('tools/call', { name, arguments: args })
  }

  #write(message: object): void {
    this.child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  #take(line: string): void {
    this.lines.push(line)
    const answer = JSON.parse(line) as RawAnswer
    if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer)
  }
}
