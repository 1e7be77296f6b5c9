import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { bareEnvironment } from './environment.ts'

const cliScript = fileURLToPath(new URL('../../agents/cli/main.ts', import.meta.url))

export interface HookRun {
  readonly child: ChildProcess
  /** Resolves when the process is gone. */
  readonly end: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

/** Starts `bellhop hook …` as an assistant does, with this process as the assistant. */
export function startHook(args: readonly string[], payload: object, env: Record<string, string>): HookRun {
  const child = spawn(process.execPath, [cliScript, 'hook', ...args], {
    env: { ...bareEnvironment, CLAUDE_PID: String(process.pid), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify(payload))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const end = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }))
  return { child, end }
}

/** What a hook of Claude Code put before the model; undefined where it was silent. */
export async function hookText(
  event: string,
  env: Record<string, string>,
  payload: object = {},
): Promise<string | undefined> {
  const { code, stdout, stderr } = await startHook(['claude-code'], { hook_event_name: event, ...payload }, env).end
  if (code !== 0 || stderr !== '') throw new Error(`the hook ended with ${code}: ${stderr}`)
  if (stdout === '') return undefined
  const output = JSON.parse(stdout) as { readonly hookSpecificOutput: Record<string, string> }
  if (output.hookSpecificOutput['hookEventName'] !== event) throw new Error(`not for ${event}: ${stdout}`)
  return output.hookSpecificOutput['additionalContext']
}
