import { setTimeout as delay } from 'node:timers/promises'
import { findShims } from '../../agents/local/link.ts'
import type { Correspondent } from './correspondent.ts'

/** Milliseconds between two looks. */
const lookMs = 20

/** Sends a message to an assistant, and resolves with its id when its shim has got it. */
export async function bring(rose: Correspondent, to: string, text: string): Promise<string> {
  const id = await rose.send(to, text)
  let isShown = false
  // It ends with the test where nobody ever shows it.
  rose.untilShown(id).then(
    () => (isShown = true),
    () => undefined,
  )
  for (;;) {
    const shims = await findShims(rose.env['BELLHOP_HOME']!, new AbortController().signal)
    if (isShown || shims.some(({ name, unread }) => name === to && unread > 0)) return id
    await delay(lookMs)
  }
}

/** The routes by which a message was shown. */
export async function shownBy(rose: Correspondent, id: string): Promise<(string | undefined)[]> {
  const steps = await rose.untilShown(id)
  return steps.filter(({ state }) => state === 'shown').map(({ route }) => route)
}
