import type Database from 'better-sqlite3'
import type { Engine, LedgerLog } from './operations.ts'
import { createSqliteEngine } from './sqlite/engine.ts'

/** An engine on the calling thread. `file` is where its witness belongs; undefined in memory. */
export function inlineEngine(db: Database.Database, file: string | undefined, log: LedgerLog): Engine {
  const engine = createSqliteEngine(db, file, log)
  return {
    epoch: engine.epoch,
    run: async (batch) => engine.run(batch),
    copyTo: (file, onProgress) => engine.copyTo(file, onProgress),
    close: async () => engine.close(),
  }
}
