import type { Event } from './event.ts'

/** An event with its time: milliseconds of the machine's monotonic clock, which all processes share. */
export interface Entry {
  readonly at: number
  readonly event: Event
}

/** Now, on the clock that all processes of the machine share. */
export function instant(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

type Watcher = (entry: Entry) => void

/** Everything that happened, only ever appended to. */
export class History {
  readonly #entries: Entry[] = []
  readonly #watchers = new Set<Watcher>()

  add(event: Event, at: number = instant()): void {
    const entry = { at, event }
    this.#entries.push(entry)
    for (const watch of this.#watchers) watch(entry)
  }

  get length(): number {
    return this.#entries.length
  }

  /** Entries in the order in which they came in. */
  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** In the order in which they happened: several processes tell this one, each in its own order. */
  events(): Event[] {
    return this.#entries.toSorted((a, b) => a.at - b.at).map(({ event }) => event)
  }

  /** Resolves with the entry at which so many have come in, from now on, that count. */
  next(count: number, counts: (entry: Entry) => boolean): Promise<Entry> {
    return new Promise((resolve) => {
      let left = count
      const watch: Watcher = (entry) => {
        if (!counts(entry)) return
        left -= 1
        if (left > 0) return
        this.#watchers.delete(watch)
        resolve(entry)
      }
      this.#watchers.add(watch)
    })
  }
}
