import type { Terminal } from '../../agents/cli/terminal.ts'

/** What a command said, and how it ended. */
export interface Answer {
  readonly code: number
  readonly output: string
  readonly problem: string
}

interface Person {
  /** What the person answers; without it there is no terminal. */
  readonly answer?: () => boolean
  readonly stdin?: string
}

/** A terminal that keeps what is written to it. */
export function fakeTerminal({ answer, stdin = '' }: Person = {}): {
  terminal: Terminal
  said: () => Omit<Answer, 'code'>
} {
  const [output, problem]: [string[], string[]] = [[], []]
  const terminal: Terminal = {
    write: (text) => void output.push(text),
    written: () => Promise.resolve(),
    complain: (text) => void problem.push(text),
    isInteractive: answer !== undefined,
    confirm: () => Promise.resolve(answer!()),
    columns: answer === undefined ? undefined : 80,
    paint: (_look, text) => text,
    read: (atMost) =>
      stdin.length > atMost
        ? Promise.reject(new Error(`stdin holds more than ${atMost} bytes`))
        : Promise.resolve(stdin),
    progress: () => ({ reached: () => undefined, end: () => undefined }),
  }
  return { terminal, said: () => ({ output: output.join(''), problem: problem.join('') }) }
}
