import type { Entry } from './history/history.ts'

/** What shows that mail moves: something was accepted, or shown. */
export function isProgress({ event }: Entry): boolean {
  return event.kind === 'accepted' || event.kind === 'shown'
}
