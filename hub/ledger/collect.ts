import type { Appended, Draft } from './ledger.ts'
import { LedgerError, type AppendOutcome, type History, type Ledger } from './ledger.ts'
import type { Backups, BringOutcome, BroughtItem, Imports, Queue } from './upkeep.ts'
import { composeMessage } from './compose-message.ts'
import {
  answersPage,
  writes,
  type BroughtOutcome,
  type Engine,
  type LedgerLog,
  type OperationName,
  type Reply,
  type Request,
  type StoredOutcome,
} from './operations.ts'

/** Operations in one batch. Larger ones make the first of them wait for the last. */
const batchMax = 192
/** Batches handed over at once: while one is carried out, the next is there already, and callers of the last are answered. */
const batchesAhead = 3
/** A page of rows counts as so many: the answers to a batch cross between the threads as one string, which has an end. */
const pageCounts = 16

interface Pending extends Request {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/**
 * A ledger over an engine. All operations of one turn of the event loop make one batch; while the engine
 * has enough to do, the next ones gather. So a commit serves as many as there are, and nobody waits on a timer.
 */
export function collectOperations(engine: Engine, log: LedgerLog): Ledger & History & Imports & Backups & Queue {
  const listeners: ((appended: Appended) => void)[] = []
  let waiting: Pending[] = []
  let scheduled = false
  let underWay = 0
  let closing: Promise<void> | undefined
  let whenIdle: (() => void) | undefined

  function call(name: OperationName, argument: unknown): Promise<unknown> {
    if (closing) return Promise.reject(new LedgerError('closed', 'The ledger is closed.'))
    return new Promise((resolve, reject) => {
      waiting.push({ name, argument, resolve, reject })
      schedule()
    })
  }

  function schedule(): void {
    if (scheduled || waiting.length === 0 || underWay === batchesAhead) return
    scheduled = true
    setImmediate(() => void flush())
  }

  async function flush(): Promise<void> {
    scheduled = false
    underWay += 1
    const size = sizeOfBatch(waiting)
    const batch = waiting.slice(0, size)
    waiting = waiting.slice(size)
    try {
      const replies = await engine.run(batch.map(({ name, argument }) => ({ name, argument })))
      settle(batch, replies)
    } catch (error) {
      for (const { reject } of batch) reject(error as Error)
    }
    underWay -= 1
    schedule()
    if (!scheduled && underWay === 0) whenIdle?.()
  }

  function settle(batch: readonly Pending[], replies: readonly Reply[]): void {
    const values = batch.map((pending, index) => read(pending, replies[index]!))
    for (const value of values) if (isStored(value)) announce(value)
    for (const [index, { resolve, reject }] of batch.entries()) {
      const value = values[index]
      if (value instanceof Error) reject(value)
      else resolve(value)
    }
  }

  function read({ name, argument }: Pending, reply: Reply): unknown {
    if (!reply.ok) return toError(reply)
    if (name === 'append') return completed(argument as Draft, reply.value as StoredOutcome)
    if (name === 'bring') return completed((argument as BroughtItem).draft, reply.value as BroughtOutcome)
    return reply.value
  }

  /** Bodies do not come back from the storage: what it stored is what it was given. */
  function completed(draft: Draft, outcome: StoredOutcome): AppendOutcome
  function completed(draft: Draft, outcome: BroughtOutcome): BringOutcome
  function completed(draft: Draft, outcome: StoredOutcome | BroughtOutcome): AppendOutcome | BringOutcome {
    if (outcome.kind !== 'stored') return outcome
    const message = composeMessage(draft, outcome, engine.epoch)
    return { kind: 'stored', message, sender: draft.sender, target: outcome.target }
  }

  function announce({ message, sender, target }: Appended): void {
    for (const listener of listeners) {
      try {
        listener({ message, sender, target })
      } catch (error) {
        log.error({ error: String(error) }, 'a listener failed')
      }
    }
  }

  async function close(): Promise<void> {
    if (scheduled || underWay > 0) await new Promise<void>((resolve) => (whenIdle = resolve))
    await engine.close()
  }

  const operations = Object.fromEntries(
    (Object.keys(writes) as OperationName[]).map((name) => [name, (argument: unknown) => call(name, argument)]),
  ) as unknown as Omit<Ledger & History & Imports, 'epoch' | 'onAppend' | 'close'>

  return {
    ...operations,
    epoch: engine.epoch,
    queued: () => waiting.length,
    onAppend: (listener) => void listeners.push(listener),
    copyTo(file, onProgress) {
      if (closing) return Promise.reject(new LedgerError('closed', 'The ledger is closed.'))
      return engine.copyTo(file, onProgress)
    },
    close: () => (closing ??= close()),
  }
}

/** How many of what waits are carried out together. */
function sizeOfBatch(waiting: readonly Request[]): number {
  let room = batchMax
  const end = waiting.findIndex(({ name }) => {
    room -= answersPage.has(name) ? pageCounts : 1
    return room < 0
  })
  return end === -1 ? waiting.length : end
}

function isStored(value: unknown): value is Extract<AppendOutcome, { kind: 'stored' }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'stored'
}

function toError({ reason, message }: Extract<Reply, { ok: false }>): Error {
  return reason === 'unavailable' ? new LedgerError('unavailable', message) : new Error(message)
}
