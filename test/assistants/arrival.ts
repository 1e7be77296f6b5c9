import { findShims } from '../../agents/local/link.ts'
import type { Correspondent } from './correspondent.ts'

/** Sends a message to the only assistant of a test, and resolves with its id when its shim holds it. */
export async function bring(rose: Correspondent, to: string, text: string): Promise<string> {
  const id = await rose.send(to, text)
  for (;;) {
    const [shim] = await findShims(rose.env['BELLHOP_HOME']!, new AbortController().signal)
    if (shim && shim.unread > 0) return id
  }
}

/** The routes by which a message was shown. */
export async function shownBy(rose: Correspondent, id: string): Promise<(string | undefined)[]> {
  const steps = await rose.untilShown(id)
  return steps.filter(({ state }) => state === 'shown').map(({ route }) => route)
}
