import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownProgramsIn } from './dist.ts'
import { firstMatch } from './first-match.ts'
import { hubSettings } from '../peers/hub.ts'
import { until } from '../jobs/waiting.ts'
import type { Workshop } from './workshop.ts'

/** Milliseconds for a hub that a shim starts, and for one that was ended. */
const hubMs = 20_000

/** What shims, hooks and the hubs that they start get. */
export function shimSettings(home: string): Readonly<Record<string, string>> {
  return { ...hubSettings, BELLHOP_HOME: home }
}

/** A shim, as an installation starts it, with `initialize` in its pipe. Its first line is the answer. */
export function startShim(workshop: Workshop, env: Readonly<Record<string, string>>): ChildProcess {
  const child = workshop.spawn(process.execPath, [ownProgramsIn.shim], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'claude-code', version: '1' } }
  child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`)
  return child
}

/** Milliseconds from the start of a shim's process to its answer to `initialize`. It is ended, and a hub that it started too. */
export async function measureShim(
  workshop: Workshop,
  { home, hub }: { readonly home: string; readonly hub: number | 'started by the shim' },
): Promise<number> {
  const begin = performance.now()
  const child = startShim(workshop, shimSettings(home))
  await firstMatch(child, /("serverInfo")/)
  const ms = performance.now() - begin
  if (hub === 'started by the shim') await untilStarted(home)
  // As assistants do: what it has compiled is kept when it ends in order.
  const gone = once(child, 'exit')
  child.stdin!.end()
  await gone
  // Behind its shim, which would start another one.
  if (hub === 'started by the shim') await endOwnHub(home)
  return ms
}

/** A shim that ends before it has one starts none. */
async function untilStarted(home: string): Promise<void> {
  await until(
    () => pidOfHub(home) !== undefined,
    hubMs,
    () => 'the shim has started no hub',
  )
}

/** It is nobody's child, and says in its home which process it is. */
async function endOwnHub(home: string): Promise<void> {
  const pid = pidOfHub(home)!
  process.kill(pid, 'SIGTERM')
  await until(
    () => !isAlive(pid),
    hubMs,
    () => 'the hub of the shim does not end',
  )
}

function pidOfHub(home: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(join(home, 'hub.json'), 'utf8')) as { readonly pid: number }).pid
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
