/** A date and a time, with a zone or, as the older project wrote them, without one. */
const written = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/

/**
 * Milliseconds since 1970 of a time in the old database; undefined where it is none. Without a zone it is
 * the local time of the machine that wrote it, which is taken to be this one.
 */
export function instantOf(value: unknown): number | undefined {
  const [, date, time, zone = ''] = written.exec(typeof value === 'string' ? value.trim() : '') ?? []
  if (date === undefined || time === undefined) return undefined
  const instant = Date.parse(`${date}T${time}${zone}`)
  return Number.isNaN(instant) || instant < 0 ? undefined : Math.floor(instant)
}
