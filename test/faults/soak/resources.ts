import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { request, type IncomingMessage, type RequestOptions } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'

/** What a hub holds open. */
export interface Resources {
  /** Open files by what they are; sockets and pipes without their numbers. */
  readonly files: Readonly<Record<string, number>>
  /** What keeps its event loop alive, by kind: sockets, timers, … */
  readonly active: Readonly<Record<string, number>>
}

/** Open files of the process, and what it says itself on its Unix-domain socket. */
export async function resourcesOf(pid: number, socketPath: string): Promise<Resources> {
  const text = (await get({ socketPath, path: '/metrics' })).toString()
  const lines = text.matchAll(/^nodejs_active_resources\{type="(\w+)"\} (\d+)$/gm)
  const active = Object.fromEntries(Array.from(lines, ([, type, count]) => [type!, Number(count)]))
  return { files: openFiles(pid), active }
}

function openFiles(pid: number): Record<string, number> {
  const files: Record<string, number> = {}
  const folder = `/proc/${pid}/fd`
  for (const descriptor of readdirSync(folder)) {
    const file = targetOf(join(folder, descriptor))?.replace(/:\[\d+\]$/, '')
    if (file !== undefined) files[file] = (files[file] ?? 0) + 1
  }
  return files
}

/** Undefined where it was closed since the folder was read. */
function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** A body by HTTP, on a connection of its own. Rejects for any answer but 200. */
export async function get(options: RequestOptions): Promise<Buffer> {
  const asked = request({ ...options, agent: false })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const body = await buffer(answer)
  if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}: ${body.toString().slice(0, 200)}`)
  return body
}
