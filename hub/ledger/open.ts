import { Worker } from 'node:worker_threads'
import { collectOperations } from './collect.ts'
import type { History, Ledger } from './ledger.ts'
import type { LedgerLog } from './operations.ts'
import { meterBatches, type BatchMeter } from './metered-engine.ts'
import type { StagedRestore } from './put-in-place.ts'
import type { Backups, Imports, Queue } from './upkeep.ts'
import { workerEngine } from './worker-engine.ts'
import type { WorkerData } from './worker-protocol.ts'

/** MiB for young objects of the worker, which are gone after each batch: what V8 would take by itself it never gives back. */
const youngMib = 12

const silent: LedgerLog = { info: () => {}, warn: () => {}, error: () => {} }

/**
 * Opens the ledger in `file`, makes it where there is none, and keeps it for this process alone until
 * `close`. Beside it lie its log (`-wal`), `.lock`, `.witness`, and copies from before migrations (`.before-v2`).
 * Where a restore is staged, it is put in the place of what was there, first.
 *
 * @throws LedgerRefusal, as a rejection, where the database is in use, newer than this code, damaged or
 * not durable; its message says what to do
 */
export async function openLedger(options: {
  file: string
  log?: LedgerLog
  restore?: StagedRestore
  meter?: BatchMeter
}): Promise<Ledger & History & Imports & Backups & Queue> {
  const { file, log = silent, restore, meter } = options
  // The same extension as this file: .ts in the repository, .js in the package.
  const script = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
  const workerData: WorkerData = { file, restore }
  const engine = await workerEngine(
    new Worker(script, { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngMib } }),
    log,
  )
  return collectOperations(meter ? meterBatches(engine, meter) : engine, log)
}

/** A ledger that lasts as long as it is open, on the calling thread: for tests and trials. */
export async function openMemoryLedger(
  options: { log?: LedgerLog } = {},
): Promise<Ledger & History & Imports & Backups & Queue> {
  const { log = silent } = options
  // Loaded here only: a hub loads the database in its worker, and should not pay for it twice.
  const [{ inlineEngine }, { openDatabase }] = await Promise.all([
    import('./inline-engine.ts'),
    import('./sqlite/open-database.ts'),
  ])
  return collectOperations(inlineEngine(openDatabase(':memory:', log), undefined, log), log)
}
