import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { onTestFinished } from 'vitest'
import { findProgram } from '../support/skipping.ts'
import { runNpm, type Runtime } from './npm.ts'

/** Milliseconds for one command. */
const commandMs = 30_000

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Somebody who has a Node with its npm and a shell, no compiler and no Python, and installs the package. */
export class Consumer {
  /** The folder that it is installed in. */
  readonly folder: string
  readonly #runtime: Runtime
  /** All that its programs find by name. */
  readonly #path: string

  constructor(folder: string, runtime: Runtime) {
    this.folder = folder
    this.#runtime = runtime
    this.#path = join(folder, 'path')
    mkdirSync(this.#path, { recursive: true })
    symlinkSync(runtime.node, join(this.#path, 'node'))
    symlinkSync(runtime.npm, join(this.#path, 'npm'))
    for (const name of ['sh', 'dirname']) symlinkSync(findProgram(name) ?? `/bin/${name}`, join(this.#path, name))
  }

  npm(...words: string[]): Promise<string> {
    return runNpm(this.#runtime, words, { cwd: this.folder, path: this.#path })
  }

  /** The command as npm puts it on the path. */
  get command(): string {
    return join(this.folder, 'node_modules', '.bin', 'bellhop')
  }

  /** Path of a file of the installed package. */
  own(...names: string[]): string {
    return join(this.folder, 'node_modules', 'bellhop', ...names)
  }

  environment(env: Readonly<Record<string, string>>): Record<string, string> {
    return { PATH: this.#path, HOME: this.folder, BELLHOP_LOG: 'silent', ...env }
  }

  /** Runs a program to its end. */
  run(program: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const options = { cwd: this.folder, env: this.environment(env), timeout: commandMs }
    return new Promise((resolve) => {
      execFile(program, words, options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
      })
    })
  }

  /** Starts a hub in the foreground, as `bellhop hub` does. */
  async startHub(env: Readonly<Record<string, string>>): Promise<{ url: string; end(): Promise<number | null> }> {
    const child = spawn(this.command, ['hub'], {
      cwd: this.folder,
      env: this.environment(env),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(child, 'exit') as Promise<[number | null]>
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await exit
    })
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const listening = /listening\s+(ws:\S+)/.exec(line)?.[1]
        if (listening !== undefined) resolve(listening)
      })
      child.once('exit', (code) => reject(new Error(`the hub ended with ${code} before it listened`)))
    })
    return {
      url,
      async end() {
        child.kill('SIGTERM')
        return (await exit)[0]
      },
    }
  }

  /** Starts a shim by this command line, as an assistant does. */
  async startShim(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<(tool: string, args?: Record<string, unknown>) => Promise<string>> {
    const transport = new StdioClientTransport({
      command,
      args: [...args],
      cwd: this.folder,
      env: this.environment(env),
      stderr: 'inherit',
    })
    const client = new Client({ name: 'consumer', version: '1.0.0' })
    onTestFinished(() => client.close())
    await client.connect(transport)
    return async (tool, toolArgs = {}) => {
      const result = await client.callTool({ name: tool, arguments: toolArgs })
      return (result.content as { text?: string }[]).map(({ text }) => text ?? '').join('\n')
    }
  }
}
