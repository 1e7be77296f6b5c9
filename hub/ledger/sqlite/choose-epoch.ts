import type Database from 'better-sqlite3'
import { desc } from './drizzle.ts'
import type { LedgerLog } from '../operations.ts'
import { addEpoch } from './epochs.ts'
import { ormOver } from './orm.ts'
import { epochs, ledger } from './schema.ts'
import { prepareHead } from './store.ts'
import type { Witness } from './witness.ts'

/**
 * Goes on in the epoch of the database, or begins a new one where it is new, or where the witness does
 * not vouch that nothing was lost [D-3].
 */
export function chooseEpoch(db: Database.Database, witness: Witness | undefined, log: LedgerLog): void {
  const orm = ormOver(db)
  const current = orm.select().from(epochs).orderBy(desc(epochs.ordinal)).limit(1).get()
  const commits = orm.select().from(ledger).get()?.commits ?? 0
  if (current && witness?.epoch === current.epoch && commits >= witness.commits) return
  db.transaction(() => {
    const epoch = addEpoch(orm, prepareHead(db).get() ?? 0)
    if (current) {
      log.warn({ epoch, previous: current.epoch, commits, witness }, 'the database is not the one that ran here last')
    }
  })()
}
