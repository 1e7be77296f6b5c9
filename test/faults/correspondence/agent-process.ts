import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Event } from '../history/event.ts'
import type { History } from '../history/history.ts'
import type { Order, Part, Word } from './part.ts'

const program = fileURLToPath(new URL('agent/main.ts', import.meta.url))

type Line = { readonly at: number; readonly event: Event } | { readonly word: Word }

interface AgentProcessOptions {
  readonly part: Part
  readonly env: Readonly<Record<string, string>>
  readonly history: History
  /** It ended, and nobody had told it to. */
  readonly died: (problem: string) => void
}

/** One life of an agent, as a process. What it says goes into the history. */
export class AgentProcess {
  readonly ready: Promise<void>
  readonly quiet: Promise<void>
  /** The process is gone, and all that it said has been heard. */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  #state: 'wanted' | 'finishing' | 'killed' = 'wanted'

  constructor({ part, env, history, died }: AgentProcessOptions) {
    history.add({ kind: 'started', agent: part.agent })
    this.#child = spawn(process.execPath, [program, JSON.stringify(part)], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    })
    this.#child.stdin!.on('error', () => undefined)
    const [ready, quiet] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const words: Record<Word, () => void> = { ready: ready.resolve, quiet: quiet.resolve }
    this.ready = ready.promise
    this.quiet = quiet.promise
    createInterface(this.#child.stdio[3] as Readable).on('line', (text) => {
      const line = parseLine(text)
      if (line === undefined) return
      if ('word' in line) words[line.word]()
      else history.add(line.event, line.at)
    })
    let stderr = ''
    this.#child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const gone = Promise.withResolvers<void>()
    this.ended = gone.promise
    this.#child.once('close', (code, signal) => {
      const isExpected = this.#state === 'killed' || (this.#state === 'finishing' && code === 0)
      if (!isExpected) died(`${part.agent}, life ${part.life}, ended with ${code ?? signal}: ${stderr}`)
      gone.resolve()
    })
  }

  tell(order: Order): void {
    if (order === 'finish') this.#state = 'finishing'
    this.#child.stdin!.write(`${order}\n`)
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }

  /** Resolves when all that it said has been heard. */
  async kill(): Promise<void> {
    this.#state = 'killed'
    this.#child.kill('SIGKILL')
    await this.ended
  }
}

/** The last line of a process that was killed while it wrote may be cut: it was not said. */
function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}
