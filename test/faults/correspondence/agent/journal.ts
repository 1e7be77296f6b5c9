import { writeSync } from 'node:fs'
import type { Event } from '../../history/event.ts'
import { instant } from '../../history/history.ts'
import type { Word } from '../part.ts'

/** The pipe to whoever keeps the history. */
const descriptor = 3

/** Says that something happened. What was said outlives this process, whenever it is killed. */
export function tell(event: Event): void {
  writeSync(descriptor, `${JSON.stringify({ at: instant(), event })}\n`)
}

export function say(word: Word): void {
  writeSync(descriptor, `${JSON.stringify({ word })}\n`)
}
