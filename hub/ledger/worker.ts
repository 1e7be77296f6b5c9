import { parentPort, workerData } from 'node:worker_threads'
import type { LedgerLog } from './operations.ts'
import { putInPlace } from './put-in-place.ts'
import { LedgerRefusal } from './refusal.ts'
import { createSqliteEngine, type SqliteEngine } from './sqlite/engine.ts'
import { lockHome } from './sqlite/lock-home.ts'
import { openDatabase } from './sqlite/open-database.ts'
import { encode, type FromWorker, type ToWorker, type WorkerData } from './worker-protocol.ts'

const port = parentPort
if (!port) throw new Error('worker.ts runs in a worker only')
const { file, restore } = workerData as WorkerData

const post = (message: FromWorker): void => port.postMessage(encode(message))
const logAt =
  (level: keyof LedgerLog) =>
  (fields: object, message: string): void =>
    post({ kind: 'log', level, fields, message })
const log: LedgerLog = { info: logAt('info'), warn: logAt('warn'), error: logAt('error') }

const opened = open()
if (opened) {
  const { engine, lock } = opened
  post({ kind: 'ready', epoch: engine.epoch })
  port.on('message', (text: string) => {
    const message = JSON.parse(text) as ToWorker
    switch (message.kind) {
      case 'batch':
        post({ kind: 'replies', replies: engine.run(message.batch) })
        break
      case 'copy':
        void copy(engine, message.file)
        break
      case 'close':
        engine.close()
        lock.close()
        port.close()
    }
  })
}

async function copy(engine: SqliteEngine, target: string): Promise<void> {
  try {
    const made = await engine.copyTo(target, (progress) => post({ kind: 'copying', progress }))
    post({ kind: 'copied', copy: made })
  } catch (error) {
    post({ kind: 'uncopied', message: error instanceof Error ? error.message : String(error) })
  }
}

function open(): { engine: SqliteEngine; lock: { close(): void } } | undefined {
  let lock: { close(): void } | undefined
  try {
    lock = lockHome(file)
    if (restore) putInPlace(file, restore, log)
    return { engine: createSqliteEngine(openDatabase(file, log), file, log), lock }
  } catch (error) {
    lock?.close()
    if (!(error instanceof LedgerRefusal)) throw error
    post({ kind: 'refused', refusal: error.kind, message: error.message })
    return undefined
  }
}
