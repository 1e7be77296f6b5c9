import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Effort } from '../effort.ts'
import type { Server } from '../peer.ts'
import type { JobInput, JobName, JobOutput } from '../jobs/index.ts'
import { runJob } from './run-job.ts'

const loadScript = fileURLToPath(new URL('../load.ts', import.meta.url))

/** Times that removing is tried, each so many milliseconds more after the one before: some seconds in all. */
const closingTries = 12
const closingDelayMs = 50

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Default: output goes to a file of the folder. */
  readonly stdio?: StdioOptions
}

/**
 * Where runs happen: a folder on a disk, and processes. What was started in it is ended,
 * by its id, when the run is over or the program is interrupted.
 */
export class Workshop {
  readonly effort: Effort
  /** Where this machine's disk is; every peer keeps its data below it. */
  readonly folder: string
  readonly #place: string
  readonly #kept = new Map<string, Promise<string>>()
  readonly #keptFolders: string[] = []
  readonly #children = new Set<ChildProcess>()
  #folders = 0

  /** `place`: an existing folder on a disk. */
  constructor(place: string, effort: Effort) {
    this.effort = effort
    this.#place = place
    this.folder = mkdtempSync(join(place, 'bellhop-bench-'))
  }

  /** A new empty folder below the workshop's. */
  newFolder(name: string): string {
    this.#folders += 1
    const folder = join(this.folder, `${name}-${this.#folders}`)
    mkdirSync(folder, { mode: 0o700 })
    return folder
  }

  /** A folder that lasts as long as the workshop: filled at the first call for this name, and the same at every later one. */
  prepared(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
    const made = this.#kept.get(name) ?? this.#keep(fill)
    this.#kept.set(name, made)
    return made
  }

  async #keep(fill: (folder: string) => Promise<void>): Promise<string> {
    const folder = mkdtempSync(join(this.#place, 'bellhop-bench-kept-'))
    this.#keptFolders.push(folder)
    await fill(folder)
    return folder
  }

  /** Starts a program. Its environment is `PATH` and what is given. */
  spawn(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    const log = options.stdio === undefined ? openSync(join(this.folder, 'output.log'), 'a') : undefined
    const child = spawn(command, args, {
      env: { PATH: process.env['PATH'], ...options.env },
      cwd: options.cwd ?? this.folder,
      stdio: options.stdio ?? ['ignore', log, log],
    })
    if (log !== undefined) closeSync(log)
    this.#children.add(child)
    // A program that cannot be started has no exit event, and no id.
    child.once('error', () => this.#children.delete(child))
    child.once('exit', () => this.#children.delete(child))
    return child
  }

  /** Kills it, if it still runs, and resolves when it is gone. */
  async end(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  /** Does a job of `jobs/` in a fresh Node process. Rejects where it fails, or is not done in time. */
  async load<N extends JobName>(job: N, input: JobInput<N>, withinMs = 120_000): Promise<JobOutput<N>> {
    const child = this.spawn(process.execPath, [loadScript], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    try {
      return await runJob(child, job, input, withinMs)
    } finally {
      await this.end(child)
    }
  }

  /** Starts a peer, has it used, and stops it, whatever happens. */
  async with<T>(peer: { start(workshop: Workshop): Promise<Server> }, use: (server: Server) => Promise<T>): Promise<T> {
    const server = await peer.start(this)
    try {
      return await use(server)
    } finally {
      await server.stop()
    }
  }

  /** Ends what a run has left. */
  async tidy(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.end(child)))
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    mkdirSync(this.folder, { mode: 0o700 })
  }

  /**
   * The end, also where nothing asynchronous can be waited for: a process that is being killed may still write for a
   * moment, so removing is tried again. Throws, when all else is done, where a folder could not be removed.
   */
  close(): void {
    for (const child of this.#children) child.kill('SIGKILL')
    const failures = [this.folder, ...this.#keptFolders].flatMap((folder) => {
      try {
        rmSync(folder, { recursive: true, force: true, maxRetries: closingTries, retryDelay: closingDelayMs })
        return []
      } catch (error) {
        return [error]
      }
    })
    if (failures.length > 0) throw new AggregateError(failures, 'what the servers stored could not be removed')
  }
}
