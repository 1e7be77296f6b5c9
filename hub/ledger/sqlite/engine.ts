import type Database from 'better-sqlite3'
import type { Engine, LedgerLog, Reply, Request } from '../operations.ts'
import { chooseEpoch } from './choose-epoch.ts'
import { copyDatabase } from './copy-database.ts'
import { createOperations } from './create-operations.ts'
import { createExecutor } from './execute.ts'
import { createStore } from './store.ts'
import { readWitness, writeWitness } from './witness.ts'

/** Milliseconds between two witnesses: a copy put back within them is not noticed. */
const witnessMs = 1_000

/** Runs batches at once, on the thread that calls. */
export interface SqliteEngine extends Omit<Engine, 'run' | 'close'> {
  run(batch: readonly Request[]): Reply[]
  /** Moves the log into the database, and lets go of the file. */
  close(): void
}

/** `file` is undefined for a database in memory, which needs no witness. */
export function createSqliteEngine(db: Database.Database, file: string | undefined, log: LedgerLog): SqliteEngine {
  chooseEpoch(db, file === undefined ? undefined : readWitness(file), log)
  const store = createStore(db)
  const executor = createExecutor(store, createOperations(store), log)
  const epoch = store.epochs.current
  let witnessed = -1
  let timer: NodeJS.Timeout | undefined

  function witness(): void {
    timer = undefined
    if (file === undefined || witnessed === executor.commits()) return
    try {
      writeWitness(file, { epoch, commits: executor.commits() })
      witnessed = executor.commits()
    } catch (error) {
      // A full disk: the next batch tries again. An old witness still tells most copies apart.
      log.warn({ error: String(error) }, 'the witness could not be written')
    }
  }

  witness()
  return {
    epoch,
    run(batch) {
      const replies = executor.execute(batch)
      if (file !== undefined && witnessed !== executor.commits()) timer ??= setTimeout(witness, witnessMs).unref()
      return replies
    },
    copyTo: (target, onProgress) => copyDatabase(db, target, onProgress),
    close() {
      clearTimeout(timer)
      witness()
      db.close()
    },
  }
}
