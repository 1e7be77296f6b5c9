import process from 'node:process'
import type { HookedAssistant } from './assistants.ts'
import { awaitShim, endWithOwner } from './patience.ts'
import type { Place } from './place.ts'

/** Looks for the shim of a session that has just begun: half a minute of them. */
const looks = 120
/** The exit code that wakes an idle session, with stderr as what it is told. */
const wakeCode = 2

/**
 * Waits for the bell, as an `asyncRewake` hook of Claude Code does. A run without a person would be held
 * by it until it ends, and so it is left alone.
 */
export async function waitForBell(assistant: string, hooked: HookedAssistant, place: Place): Promise<void> {
  if (hooked.isHeadless({ env: process.env, ancestors: place.ancestors, payload: {} })) process.exit(0)
  process.stdin.resume()
  endWithOwner(place.ancestors[0])
  const link = await awaitShim({ ...place, assistant, cwd: process.cwd(), signal: new AbortController().signal }, looks)
  if (!link) process.exit(0)
  link.listen(
    'rewake',
    ({ text }) => process.stderr.write(`${text}\n`, () => process.exit(wakeCode)),
    () => process.exit(0),
  )
}
