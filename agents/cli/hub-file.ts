import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { sanitise } from '../wording/sanitise.ts'

const About = z.object({
  pid: z.int().positive(),
  url: z.string().optional(),
  socket: z.string().optional(),
  /** Port for clients of claude-ipc-mcp. */
  bridge: z.int().optional(),
})

/** Where the hub of a home says that it runs; undefined where there is none, or where it was killed before it could. */
export function readAboutHub(home: string): z.infer<typeof About> | undefined {
  try {
    return About.parse(JSON.parse(readFileSync(join(home, 'hub.json'), 'utf8')))
  } catch {
    return undefined
  }
}

/** Characters of a log's end that are read: its last line, and not much more. */
const tailLength = 2_000

/** The last line of the hub's log, where it was written since then; undefined where nothing was. */
export function lastWordsOfHub(home: string, since: number): string | undefined {
  const file = join(home, 'hub.log')
  try {
    if (statSync(file).mtimeMs < since) return undefined
    const line = readFileSync(file, 'utf8').slice(-tailLength).trim().split('\n').at(-1)
    return line ? sanitise(line) : undefined
  } catch {
    return undefined
  }
}
