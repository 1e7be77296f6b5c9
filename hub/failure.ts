import { nanoid } from 'nanoid'
import type { Failure, Method } from '../protocol/index.ts'
import type { Health } from './health.ts'
import { LedgerError } from './ledger/ledger.ts'
import { errorFacts, type Log } from './log.ts'

/** What a caller is told when a handler threw. The log has the details, under the same reference. */
export function failureOf(error: unknown, method: Method, { log, health }: { log: Log; health: Health }): Failure {
  const reference = nanoid(8)
  log.error({ method, reference, ...errorFacts(error) }, 'a request failed')
  if (error instanceof LedgerError) {
    health.failed(error)
    return error.kind === 'closed' ? { reason: 'shutting_down' } : { reason: 'storage_unavailable' }
  }
  return { reason: 'internal', details: { reference } }
}
