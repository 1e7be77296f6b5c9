import { hubAgent } from '../ledger.ts'
import type { Operations } from '../operations.ts'
import type { Append } from './append.ts'
import type { Store } from './store.ts'

/** Stores what comes from another system, and that it has come, in one transaction. */
export function prepareBring(store: Store, append: Append): Operations['bring'] {
  const { db, counters, cursors, marks } = store
  const remember = db.prepare('INSERT INTO brought (origin) VALUES (?) ON CONFLICT DO NOTHING')
  const placeOf = db.prepare<[number], { address: number; owner: number | null }>(
    'SELECT m.address, a.owner FROM messages m JOIN addresses a ON a.id = m.address WHERE m.seq = ?',
  )

  /** As if its reader had read it just now: when that really was is not known, and history is kept from here on. */
  function settle(seq: number, now: number): void {
    const place = placeOf.get(seq)!
    marks.show(seq, hubAgent, now, undefined)
    counters.add(place.address, -1)
    if (place.owner !== null) cursors.touch(place.owner as typeof hubAgent, place.address, 0)
  }

  return function bring({ origin, draft, now, read }) {
    if (remember.run(origin).changes === 0) return { kind: 'known' }
    const outcome = append(draft, now)
    if (outcome.kind === 'duplicate') return { kind: 'known' }
    // Undone as a whole, so that it is not remembered as brought.
    if (outcome.kind !== 'stored') throw new Error(`a message of another system was not stored (${outcome.kind})`)
    if (!read) return outcome
    settle(outcome.seq, now)
    return { kind: 'kept' }
  }
}

export function prepareBrought({ db }: Store): Operations['brought'] {
  const find = db.prepare<[string], 1>('SELECT 1 FROM brought WHERE origin = ?').pluck()
  return (origins) => origins.filter((origin) => find.get(origin) !== undefined)
}
