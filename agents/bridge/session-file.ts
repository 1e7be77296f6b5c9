import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { AgentName } from '../../protocol/index.ts'
import { bridgeLimits } from './limits.ts'

const SessionRow = z.object({
  /** SHA-256 of the token, hexadecimal: who reads the file cannot use the session. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  name: AgentName,
  /** Milliseconds since 1970. */
  usedAt: z.number(),
})
export type SessionRow = z.infer<typeof SessionRow>

const Content = z.object({ version: z.literal(1), sessions: z.array(SessionRow).max(bridgeLimits.sessions) })

/** The sessions that an earlier run left; none where there is no such file. Throws where it cannot be used. */
export function readSessions(file: string): readonly SessionRow[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return Content.parse(JSON.parse(text)).sessions
}

/** Replaces the file as a whole, 0600: after a crash it is the former one or this one. */
export async function writeSessions(file: string, sessions: readonly SessionRow[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify({ version: 1, sessions }, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
