/** The narrowest logger: an event's name and facts; never bodies, secrets or tokens [S-9]. */
export interface BridgeLog {
  debug(facts: object, event: string): void
  info(facts: object, event: string): void
  warn(facts: object, event: string): void
  error(facts: object, event: string): void
}

export const silentLog: BridgeLog = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

/** What may be logged of an error: its name and sentence, not its data. */
export function errorFacts(error: unknown): { error: string } {
  return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
}
