import type Database from 'better-sqlite3'
import { prepareCounters, type Counters } from './counters.ts'
import { prepareCursors, type Cursors } from './cursors.ts'
import { prepareDirectory, type Directory } from './directory.ts'
import { readEpochs, type Epochs } from './epochs.ts'
import { prepareOldestWaiting, type OldestWaiting } from './oldest-waiting.ts'
import { ormOver, type Orm } from './orm.ts'
import { prepareReceiptMarks, type ReceiptMarks } from './receipt-marks.ts'
import { prepareSpans, type Spans } from './spans.ts'
import { prepareTotals, type Totals } from './totals.ts'

/** What the operations share: the database, and what of it is kept in memory. */
export interface Store {
  readonly db: Database.Database
  readonly orm: Orm
  readonly epochs: Epochs
  readonly directory: Directory
  readonly counters: Counters
  readonly cursors: Cursors
  readonly marks: ReceiptMarks
  readonly spans: Spans
  readonly totals: Totals
  readonly oldest: OldestWaiting
  /** The highest `seq` ever given out; 0 before the first. */
  readonly head: () => number
  /** Writes what was put off to the end of a batch. Call before the commit. */
  flush(): void
  /** Forgets what is kept in memory. Call after a rollback. */
  reset(): void
}

export function createStore(db: Database.Database): Store {
  const orm = ormOver(db)
  const readHead = prepareHead(db)
  const head = (): number => readHead.get() ?? 0
  const directory = prepareDirectory(db)
  const totals = prepareTotals(db)
  const oldest = prepareOldestWaiting(db)
  const counters = prepareCounters(db, totals)
  const cursors = prepareCursors(db, counters, head)
  return {
    db,
    orm,
    epochs: readEpochs(orm),
    directory,
    counters,
    cursors,
    marks: prepareReceiptMarks(db),
    spans: prepareSpans(db, totals),
    totals,
    oldest,
    head,
    flush() {
      cursors.flush()
      counters.flush()
    },
    reset() {
      directory.forget()
      cursors.reset()
      counters.reset()
      totals.reset()
      oldest.reset()
    },
  }
}

export function prepareHead(db: Database.Database): Database.Statement<[], number> {
  return db.prepare<[], number>(`SELECT seq FROM sqlite_sequence WHERE name = 'messages'`).pluck()
}
