import process from 'node:process'
import { createInterface } from 'node:readline/promises'

/** The person at the other end, as far as commands need one. */
export interface Terminal {
  /** For what was asked for: stdout. */
  write(text: string): void
  /** For what went wrong: stderr. */
  complain(text: string): void
  /** Whether somebody is there to be asked. */
  readonly isInteractive: boolean
  /** Yes or no; no where nothing is typed. Only where it is interactive. */
  confirm(question: string): Promise<boolean>
}

export const processTerminal: Terminal = {
  write: (text) => void process.stdout.write(text),
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
}
