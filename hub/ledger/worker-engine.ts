import type { Worker } from 'node:worker_threads'
import { LedgerError } from './ledger.ts'
import type { Engine, LedgerLog, Reply } from './operations.ts'
import { LedgerRefusal } from './refusal.ts'
import type { CopyProgress, LedgerCopy } from './upkeep.ts'
import { encode, type FromWorker, type ToWorker } from './worker-protocol.ts'

/** Whoever waits for a batch. The worker answers them in their order. */
interface Running {
  readonly resolve: (replies: readonly Reply[]) => void
  readonly reject: (error: Error) => void
}

type State =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly running: Running[] }
  | { readonly kind: 'dead'; readonly error: LedgerError }

/** A copy that is being made, beside the batches. */
interface Copying {
  readonly onProgress: (progress: CopyProgress) => void
  readonly resolve: (copy: LedgerCopy) => void
  readonly reject: (error: Error) => void
}

/**
 * An engine whose batches run in `worker`, so that a slow disk stalls no socket. When the worker dies,
 * what is under way and all that comes after rejects with `LedgerError('broken')`.
 *
 * @throws LedgerRefusal, as a rejection, where the worker cannot open the database
 */
export function workerEngine(worker: Worker, log: LedgerLog): Promise<Engine> {
  const post = (message: ToWorker): void => worker.postMessage(encode(message), [])
  let state: State = { kind: 'opening' }
  let copying: Copying | undefined
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))

  return new Promise((resolve, reject) => {
    worker.on('message', (text: string) => {
      const message = JSON.parse(text) as FromWorker
      switch (message.kind) {
        case 'ready':
          state = { kind: 'open', running: [] }
          resolve({ epoch: message.epoch, run, copyTo, close })
          break
        case 'refused':
          reject(new LedgerRefusal(message.refusal, message.message))
          break
        case 'replies':
          if (state.kind === 'open') state.running.shift()?.resolve(message.replies)
          break
        case 'copying':
          copying?.onProgress(message.progress)
          break
        case 'copied':
          copying?.resolve(message.copy)
          copying = undefined
          break
        case 'uncopied':
          copying?.reject(new Error(message.message))
          copying = undefined
          break
        case 'log':
          log[message.level](message.fields, message.message)
      }
    })
    worker.on('error', (error) => die(`The storage thread failed: ${String(error)}`))
    worker.on('exit', () => die('The storage thread has ended.'))

    function die(message: string): void {
      if (state.kind === 'dead') return
      const error = new LedgerError('broken', message)
      if (state.kind === 'open') for (const { reject } of state.running) reject(error)
      if (state.kind === 'opening') reject(error)
      copying?.reject(error)
      state = { kind: 'dead', error }
    }
  })

  function run(batch: Parameters<Engine['run']>[0]): Promise<readonly Reply[]> {
    if (state.kind !== 'open') return Promise.reject(state.kind === 'dead' ? state.error : new Error('Not open yet.'))
    const { running } = state
    return new Promise((resolve, reject) => {
      running.push({ resolve, reject })
      post({ kind: 'batch', batch })
    })
  }

  function copyTo(file: string, onProgress: Copying['onProgress']): Promise<LedgerCopy> {
    if (state.kind === 'dead') return Promise.reject(state.error)
    if (copying) return Promise.reject(new Error('The ledger is being copied already.'))
    return new Promise((resolve, reject) => {
      copying = { onProgress, resolve, reject }
      post({ kind: 'copy', file })
    })
  }

  async function close(): Promise<void> {
    if (state.kind !== 'dead') post({ kind: 'close' })
    await exited
  }
}
