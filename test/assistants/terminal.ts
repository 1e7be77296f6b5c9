import { execFile } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { isAlive } from '../support/processes.ts'
import { temporaryFolder } from '../support/teardown.ts'

const run = promisify(execFile)

/** Milliseconds between two looks at the screen. */
const lookMs = 50
/** Milliseconds that a program has to show something: below a test's own limit, so that the message tells what it showed. */
const patienceMs = 20_000
/** Milliseconds that a program has to end when its terminal is closed. */
const endMs = 5_000

export interface TerminalOptions {
  /** The whole environment of the program: nothing is added. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/** An interactive program in a tmux server of its own, which ends with the test. */
export class Terminal {
  readonly #socket: string
  /** The program's process. */
  readonly pid: number

  private constructor(socket: string, pid: number) {
    this.#socket = socket
    this.pid = pid
  }

  static async start(command: readonly string[], { env, cwd }: TerminalOptions): Promise<Terminal> {
    const socket = join(temporaryFolder(), 'tmux')
    const variables = Object.entries({ TERM: 'xterm-256color', ...env }).map(([name, value]) => `${name}=${value}`)
    // An ended program leaves its last screen, for the message of the test that waits for it.
    const kept = ['start-server', ';', 'set-option', '-g', 'remain-on-exit', 'on', ';']
    // The server outlives its session, and reaps the program at once.
    const lasting = ['set-option', '-g', 'exit-empty', 'off', ';']
    const session = ['new-session', '-d', '-P', '-F', '#{pane_pid}', '-x', '200', '-y', '50', '-c', cwd]
    const { stdout } = await tmux(socket, [...kept, ...lasting, ...session, 'env', '-i', ...variables, ...command])
    const terminal = new Terminal(socket, Number(stdout.trim()))
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') process.stderr.write(`The screen at the end:\n${await terminal.screen()}\n`)
      await terminal.close()
    })
    return terminal
  }

  /** Gives a line to a prompt, as a person does who pastes it and presses Enter when it stands there. */
  async submit(line: string): Promise<void> {
    // Typed this fast, Codex takes the Enter for a part of the text. A paste has an end.
    await tmux(this.#socket, ['set-buffer', '--', line, ';', 'paste-buffer', '-p'])
    await this.untilScreen(line)
    await this.key('Enter')
  }

  /** Types a text as it is, without Enter. */
  async type(text: string): Promise<void> {
    await tmux(this.#socket, ['send-keys', '-l', '--', text])
  }

  /** A key by tmux's name for it: Enter, Escape, C-c, Down. */
  async key(name: string): Promise<void> {
    await tmux(this.#socket, ['send-keys', name])
  }

  /** What is on the screen, without colours. */
  async screen(): Promise<string> {
    const { stdout } = await tmux(this.#socket, ['capture-pane', '-p'])
    return stdout
  }

  /** Resolves with the screen when it shows this. Rejects when the program has ended without it, or takes too long. */
  async untilScreen(wanted: RegExp | string): Promise<string> {
    const until = performance.now() + patienceMs
    for (;;) {
      const ended = !isAlive(this.pid)
      const late = performance.now() > until
      const screen = await this.screen()
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return screen
      if (ended) throw new Error(`the program has ended, and its screen does not show ${wanted}:\n${screen}`)
      if (late) throw new Error(`the screen does not show ${wanted}:\n${screen}`)
      await delay(lookMs)
    }
  }

  /** Closes the terminal, as closing its window does; resolves when the program is gone. */
  async close(): Promise<void> {
    await tmux(this.#socket, ['kill-session']).catch(() => undefined)
    const until = performance.now() + endMs
    while (isAlive(this.pid) && performance.now() < until) await delay(lookMs)
    if (isAlive(this.pid)) process.kill(this.pid, 'SIGKILL')
    await tmux(this.#socket, ['kill-server']).catch(() => undefined)
  }
}

function tmux(socket: string, args: readonly string[]): Promise<{ stdout: string }> {
  return run('tmux', ['-S', socket, '-f', '/dev/null', ...args])
}
