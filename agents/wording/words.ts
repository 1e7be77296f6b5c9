const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** Milliseconds below which nobody counts. */
const justNowMs = 2_000

/** A length of time as a person says it: "3 minutes". Rounded up, so that "try again in" is never too early. */
export function duration(ms: number): string {
  return inUnits(ms, Math.ceil)
}

function inUnits(ms: number, round: (count: number) => number): string {
  const [unit, length] = units.find(([, length]) => ms >= length) ?? units[units.length - 1]!
  return count(Math.max(1, round(ms / length)), unit)
}

/** "1 message", "2 messages". */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}

/** Bytes as a person says them: "12 KiB". */
export function size(bytes: number): string {
  if (bytes < 1024) return count(bytes, 'byte')
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KiB`
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}

/** A point in time with its distance from now: "2026-11-22T16:14:48.000Z (3 minutes ago)". */
export function moment(time: string, now: number): string {
  const distance = Date.parse(time) - now
  if (Number.isNaN(distance)) return time
  if (distance <= 0 && distance > -justNowMs) return `${time} (just now)`
  return distance > 0 ? `${time} (in ${duration(distance)})` : `${time} (${inUnits(-distance, Math.floor)} ago)`
}
