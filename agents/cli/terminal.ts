import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import { SingleBar } from 'cli-progress'

/** How a word may look where somebody looks at it. */
export type Look = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan'

/** The person at the other end, as far as commands need one. */
export interface Terminal {
  /** For what was asked for: stdout. */
  write(text: string): void
  /** Resolves when all that was written has left this process; rejects where its reader is gone. */
  written(): Promise<void>
  /** For what went wrong: stderr. */
  complain(text: string): void
  /** Whether somebody is there to be asked. */
  readonly isInteractive: boolean
  /** Yes or no; no where nothing is typed. Only where it is interactive. */
  confirm(question: string): Promise<boolean>
  /** Columns that stdout has; undefined where it is no terminal. */
  readonly columns: number | undefined
  /** The text in colour, where stdout is a terminal and nobody said NO_COLOR. */
  paint(look: Look, text: string): string
  /** All of stdin, as text. Rejects where it is longer than so many bytes, or no UTF-8. */
  read(atMost: number): Promise<string>
  /** How far long work has come, on stderr, where that is a terminal. */
  progress(title: string, total: number): Progress
}

export interface Progress {
  /** So much of the total is done. */
  reached(value: number): void
  end(): void
}

export const processTerminal: Terminal = {
  write: (text) => void process.stdout.write(text),
  written() {
    return new Promise((resolve, reject) => {
      process.stdout.write('', (error) => (error ? reject(error) : resolve()))
    })
  },
  complain: (text) => void process.stderr.write(text),
  get isInteractive() {
    return process.stdin.isTTY && process.stdout.isTTY
  },
  async confirm(question) {
    const lines = createInterface({ input: process.stdin, output: process.stdout })
    // End of input and Ctrl-C are a no.
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    try {
      const answer = await Promise.race([lines.question(`${question} [y/N] `), closed])
      return /^y(?:es)?$/i.test(answer.trim())
    } finally {
      lines.close()
    }
  },
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : undefined
  },
  paint: (look, text) => styleText(look, text, { stream: process.stdout }),
  async read(atMost) {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > atMost) throw new Error(`stdin holds more than ${atMost} bytes`)
      chunks.push(chunk)
    }
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
    } catch {
      throw new Error('it is no text in UTF-8')
    }
  },
  progress(title, total) {
    if (!process.stderr.isTTY) return { reached: () => undefined, end: () => undefined }
    const bar = new SingleBar({ format: `${title} {bar} {percentage} %`, stream: process.stderr, hideCursor: true })
    bar.start(total, 0)
    return { reached: (value) => bar.update(value), end: () => bar.stop() }
  },
}
