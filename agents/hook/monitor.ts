import process from 'node:process'
import { awaitShim, endWithOwner } from './patience.ts'
import type { Place } from './place.ts'

/**
 * Prints a line for each ring, as a monitor of a Claude Code plugin does: one process for each session,
 * which is never restarted and so never gives up while its assistant is there.
 */
export async function monitorBell(assistant: string, place: Place): Promise<void> {
  endWithOwner(place.ancestors[0])
  process.stdout.on('error', () => process.exit(0))
  const { signal } = new AbortController()
  for (;;) {
    const link = await awaitShim({ ...place, assistant, cwd: process.cwd(), signal }, Infinity)
    const why = await new Promise<'gone' | 'superseded'>((resolve) => {
      if (!link) return resolve('gone')
      link.listen('monitor', ({ text }) => process.stdout.write(`${text}\n`), resolve)
    })
    if (why === 'superseded') return process.exit(0)
  }
}
