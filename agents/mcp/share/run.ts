import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Environment } from '../../client/settings.ts'

/** Milliseconds after which a command and its children are killed. Source: the older project. */
const timeLimitMs = 30_000
/** Bytes kept of stdout and stderr together; more is read and dropped, so that the command can end. */
const outputBytes = 1024 * 1024

/** Variables that no command gets, because its output goes to others: the hub's secret, assistants' tokens. */
const withheld = /^(BELLHOP_|IPC_SHARED_SECRET$|CLAUDE_CODE_MESSAGING_)/

export type CommandRun =
  | { readonly kind: 'not-started'; readonly problem: string }
  | {
      readonly kind: 'finished'
      readonly stdout: string
      readonly stderr: string
      /** Null where a signal ended it. */
      readonly exitCode: number | null
      readonly endedBy: 'itself' | 'time-limit'
      readonly truncated: boolean
      readonly ms: number
    }

/** Runs a program without a shell and with nothing on its stdin, in a process group of its own. */
export function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  options: {
    readonly cwd: string
    readonly env: Environment
    readonly signal: AbortSignal
    readonly limitMs?: number
  },
): Promise<CommandRun> {
  const { cwd, signal, limitMs = timeLimitMs } = options
  const env = Object.fromEntries(Object.entries(options.env).filter(([name]) => !withheld.test(name)))
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = capture([child.stdout, child.stderr])
    let endedBy: 'itself' | 'time-limit' = 'itself'

    const kill = (): void => {
      // A descendant that left the group may hold the pipes: nobody waits for it.
      child.stdout.destroy()
      child.stderr.destroy()
      try {
        // The whole group: a child of the command may outlive it and hold its output open.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
    const timer = setTimeout(() => {
      endedBy = 'time-limit'
      kill()
    }, limitMs)
    const finish = (run: CommandRun): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      resolve(run)
    }
    signal.addEventListener('abort', kill)
    if (signal.aborted) kill()
    child.once('error', (error) => finish({ kind: 'not-started', problem: error.message }))
    child.once('close', (exitCode) => {
      const [stdout = '', stderr = ''] = output.texts()
      const ms = performance.now() - startedAt
      finish({ kind: 'finished', stdout, stderr, exitCode, endedBy, truncated: output.truncated(), ms })
    })
  })
}

function capture(streams: readonly Readable[]) {
  let left = outputBytes
  let truncated = false
  const chunks = streams.map((stream) => {
    const kept: Buffer[] = []
    stream.on('data', (chunk: Buffer) => {
      if (chunk.byteLength > left) truncated = true
      kept.push(chunk.subarray(0, left))
      left -= Math.min(left, chunk.byteLength)
    })
    return kept
  })
  return {
    texts: () => chunks.map((kept) => Buffer.concat(kept).toString()),
    truncated: () => truncated,
  }
}
