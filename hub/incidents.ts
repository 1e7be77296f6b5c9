import type { Clock } from './clock.ts'
import type { Log } from './log.ts'

/** Lines of one kind in a minute: whoever knocks without end does not fill the disk with it. */
const linesPerWindow = 30
const windowMs = 60_000

/** What an operator may want to know of somebody who tried something. */
export type Incident =
  | 'wrong proof'
  | 'refused a request for its Host or Origin'
  | 'refused a connection: too many are authenticating'
  | 'a TLS handshake failed'
  | 'refused a session over HTTP'
  | 'refused a name to another key'
  | 'refused for its rate'

/** Narrow, for those that report. */
export interface IncidentLog {
  report(incident: Incident, facts: Readonly<Record<string, string | number | undefined>>): void
}

/** Security events in the log: who and what, never with which secret [S-9], and never so many that they do harm. */
export class Incidents implements IncidentLog {
  readonly #log: Log
  readonly #clock: Clock
  readonly #windows = new Map<Incident, { since: number; count: number }>()

  constructor(log: Log, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  report(incident: Incident, facts: Readonly<Record<string, string | number | undefined>>): void {
    const now = this.#clock.now()
    let window = this.#windows.get(incident)
    if (!window || now - window.since >= windowMs) {
      const unlogged = (window?.count ?? 0) - linesPerWindow
      if (unlogged > 0) this.#log.warn({ incident, unlogged }, 'more of the same came than were logged')
      window = { since: now, count: 0 }
      this.#windows.set(incident, window)
    }
    window.count += 1
    if (window.count <= linesPerWindow) this.#log.warn(plain(facts), incident)
  }
}

/** What a stranger wrote, without what a terminal that shows the log would act on. */
function plain(facts: Readonly<Record<string, string | number | undefined>>): object {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      typeof fact === 'string' ? fact.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, '?') : fact,
    ]),
  )
}
