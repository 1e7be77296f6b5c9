import { writes, type LedgerLog, type OperationName, type Operations, type Reply, type Request } from '../operations.ts'
import { isStorageFailure } from './storage-failure.ts'
import type { Store } from './store.ts'

export interface Executor {
  /** One commit for the whole batch [D-1]; none where it only reads. Throws only where a rollback failed. */
  execute(batch: readonly Request[]): Reply[]
  /** Batches that wrote, since the ledger was made. */
  commits(): number
}

/**
 * Runs batches. Expected failures are outcomes of the operations; what an operation throws is either
 * the storage refusing, which undoes the batch, or a fault of ours, which undoes that operation.
 */
export function createExecutor(store: Store, operations: Operations, log: LedgerLog): Executor {
  const { db } = store
  const changes = db.prepare<[], number>('SELECT total_changes()').pluck()
  const countCommit = db.prepare<[], number>('UPDATE ledger SET commits = commits + 1 RETURNING commits').pluck()
  let commits = db.prepare<[], number>('SELECT commits FROM ledger').pluck().get() ?? 0

  function perform({ name, argument }: Request): Reply {
    const operation = operations[name] as (argument: unknown) => unknown
    return { ok: true, value: operation(argument) }
  }

  function performRead(request: Request): Reply {
    try {
      return perform(request)
    } catch (error) {
      return isStorageFailure(error) ? refused(error) : failed(request.name, error, log)
    }
  }

  /** The usual way: no savepoints, because an operation that throws is a fault of ours and rare. */
  function performAll(batch: readonly Request[]): Reply[] {
    const replies = batch.map(perform)
    store.flush()
    return replies
  }

  function performGuarded(batch: readonly Request[]): Reply[] {
    return batch.map((request) => {
      db.exec('SAVEPOINT operation')
      try {
        const reply = perform(request)
        store.flush()
        db.exec('RELEASE operation')
        return reply
      } catch (error) {
        if (isStorageFailure(error)) throw error
        db.exec('ROLLBACK TO operation; RELEASE operation')
        store.reset()
        return failed(request.name, error, log)
      }
    })
  }

  function commit(batch: readonly Request[], how: (batch: readonly Request[]) => Reply[]): Reply[] {
    db.exec('BEGIN IMMEDIATE')
    try {
      const before = changes.get()
      const replies = how(batch)
      const counted = changes.get() === before ? commits : (countCommit.get() ?? commits)
      db.exec('COMMIT')
      commits = counted
      return replies
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      store.reset()
      if (isStorageFailure(error)) retract()
      throw error
    }
  }

  /**
   * A commit whose sync failed lies in the log whole: who opens the log after a kill would take it for committed,
   * though it was refused. A commit of nothing takes its place there, whether that can be synced or not.
   */
  function retract(): void {
    try {
      db.exec('BEGIN IMMEDIATE')
      // SQLite writes no page for a row that stays as it is.
      const counted = countCommit.get() ?? commits
      db.exec('COMMIT')
      commits = counted
    } catch {
      if (db.inTransaction) db.exec('ROLLBACK')
    }
  }

  function undone(batch: readonly Request[], error: Error): Reply[] {
    log.error({ error: error.message, operations: batch.length }, 'the storage refused a batch')
    return batch.map((request) => (writes[request.name] ? refused(error) : performRead(request)))
  }

  return {
    commits: () => commits,
    execute(batch) {
      if (!batch.some(({ name }) => writes[name])) return batch.map(performRead)
      try {
        return commit(batch, performAll)
      } catch (error) {
        if (isStorageFailure(error)) return undone(batch, error)
      }
      try {
        return commit(batch, performGuarded)
      } catch (error) {
        return undone(batch, error instanceof Error ? error : new Error(String(error)))
      }
    },
  }
}

function refused(error: Error): Reply {
  return { ok: false, reason: 'unavailable', message: `The storage refused: ${error.message}` }
}

function failed(name: OperationName, error: unknown, log: LedgerLog): Reply {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  log.error({ operation: name, error: stack ?? message }, 'an operation failed and was undone')
  return { ok: false, reason: 'failed', message: `${name}: ${message}` }
}
