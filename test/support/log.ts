import type { Log } from '../../hub/index.ts'

/** A log that is kept, at every level: each line is its event and its facts as JSON. */
export function keptLog(): {
  readonly log: Log
  readonly lines: string[]
  /** The first line that fits, written or to come. */
  readonly line: (pattern: RegExp) => Promise<string>
} {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const keep = (facts: object, event: string): void => {
    lines.push(`${event} ${JSON.stringify(facts)}`)
    for (const look of waiting) look()
  }
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = lines.find((candidate) => pattern.test(candidate))
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return { log: { debug: keep, info: keep, warn: keep, error: keep }, lines, line }
}
