import { pino, type Logger } from 'pino'

/** The narrowest logger that the hub needs: an event's name and facts, never bodies, secrets or tokens [S-9]. */
export interface Log {
  debug(facts: object, event: string): void
  info(facts: object, event: string): void
  warn(facts: object, event: string): void
  error(facts: object, event: string): void
}

/** One JSON object a line on standard error. A disk that takes no more of the log does not stop the hub. */
export function createLog(level: string): Logger {
  const destination = pino.destination({ fd: 2, sync: true })
  destination.on('error', () => undefined)
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, destination)
}

export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

/** What may be logged of an error: its name and sentence, not its data. */
export function errorFacts(error: unknown): { error: string; stack?: string | undefined } {
  return error instanceof Error
    ? { error: `${error.name}: ${error.message}`, stack: error.stack }
    : { error: String(error) }
}
