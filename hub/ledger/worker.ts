import { parentPort, workerData } from 'node:worker_threads'
import type { LedgerLog } from './operations.ts'
import { LedgerRefusal } from './refusal.ts'
import { createSqliteEngine, type SqliteEngine } from './sqlite/engine.ts'
import { openDatabase } from './sqlite/open-database.ts'
import type { FromWorker, ToWorker, WorkerData } from './worker-protocol.ts'

const port = parentPort
if (!port) throw new Error('worker.ts runs in a worker only')
const { file } = workerData as WorkerData

const post = (message: FromWorker): void => port.postMessage(message)
const logAt =
  (level: keyof LedgerLog) =>
  (fields: object, message: string): void =>
    post({ kind: 'log', level, fields, message })
const log: LedgerLog = { info: logAt('info'), warn: logAt('warn'), error: logAt('error') }

const engine = open()
if (engine) {
  post({ kind: 'ready', epoch: engine.epoch })
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'batch') {
      post({ kind: 'replies', replies: engine.run(message.batch) })
      return
    }
    engine.close()
    port.close()
  })
}

function open(): SqliteEngine | undefined {
  try {
    return createSqliteEngine(openDatabase(file, log), file, log)
  } catch (error) {
    if (!(error instanceof LedgerRefusal)) throw error
    post({ kind: 'refused', refusal: error.kind, message: error.message })
    return undefined
  }
}
