import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { homeWithHub } from '../../support/hub-process.ts'
import { temporaryFolder } from '../../support/teardown.ts'

const main = fileURLToPath(new URL('../../../agents/cli/main.ts', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly output: string
  readonly problem: string
}

/** Somebody at a shell, with `bellhop` on the PATH, a home, and a working directory of their own. */
export class User {
  readonly cwd: string
  readonly home: string
  readonly env: Readonly<Record<string, string>>

  constructor(settings: Record<string, string> = {}) {
    const folder = temporaryFolder()
    this.cwd = join(folder, 'work')
    const bin = join(folder, 'bin')
    for (const made of [this.cwd, bin, join(folder, 'user')]) mkdirSync(made)
    writeFileSync(join(bin, 'bellhop'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
    chmodSync(join(bin, 'bellhop'), 0o755)
    const { home, env } = homeWithHub(settings)
    this.home = home
    this.env = {
      ...env,
      PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: join(folder, 'user'),
    }
  }

  /** A line as it is typed at a shell, to its end. */
  async types(line: string): Promise<Ended> {
    const child = this.start(line)
    const said = listen(child)
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, ...said() }
  }

  /** A line whose process is ended when its output fits. */
  async typesUntil(line: string, fits: RegExp): Promise<Ended> {
    const child = this.start(`exec ${line}`)
    const said = listen(child)
    child.stdout?.on('data', () => {
      if (fits.test(said().output)) child.kill('SIGTERM')
    })
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { code, ...said() }
  }

  start(line: string): ChildProcess {
    // In our own session: to the command line, all lines come from one terminal.
    const child = spawn('/bin/sh', ['-c', line], { cwd: this.cwd, env: this.env, stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }
}

function listen(child: ChildProcess): () => Omit<Ended, 'code'> {
  const [output, problem]: [Buffer[], Buffer[]] = [[], []]
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => problem.push(chunk))
  return () => ({ output: Buffer.concat(output).toString(), problem: Buffer.concat(problem).toString() })
}
