import { nanoid } from 'nanoid'
import type { Failure, Method } from '../protocol/index.ts'
import type { Health } from './health.ts'
import { LedgerError } from './ledger/ledger.ts'
import { errorFacts, type Log } from './log.ts'

/** Of the errors of the system, those that say that no more files can be opened. */
const noMoreFiles = ['EMFILE', 'ENFILE']

/** What a caller is told where a file could not be written or read; undefined where that is not what was wrong. */
export function diskFailure(error: unknown): Failure | undefined {
  // Such errors carry the name of a system call.
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return undefined
  if (!noMoreFiles.includes(String(error.code))) return { reason: 'storage_unavailable' }
  return {
    reason: 'storage_unavailable',
    message: 'The hub can open no more files, so nothing was accepted. What it had accepted before is safe.',
    next: 'Close connections that nobody needs, or let the hub open more files (ulimit -n), then send again.',
  }
}

/** What a caller is told when a handler threw. The log has the details, under the same reference. */
export function failureOf(error: unknown, method: Method, { log, health }: { log: Log; health: Health }): Failure {
  const reference = nanoid(8)
  log.error({ method, reference, ...errorFacts(error) }, 'a request failed')
  if (error instanceof LedgerError) {
    health.failed(error)
    return error.kind === 'closed' ? { reason: 'shutting_down' } : { reason: 'storage_unavailable' }
  }
  return diskFailure(error) ?? { reason: 'internal', details: { reference } }
}
