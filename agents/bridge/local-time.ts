/** A time of the hub as the old wire has it: ISO 8601, local, without a zone. */
export function localTime(time: string): string {
  const at = new Date(time)
  const day = [pad(at.getFullYear(), 4), pad(at.getMonth() + 1), pad(at.getDate())].join('-')
  const clock = [pad(at.getHours()), pad(at.getMinutes()), pad(at.getSeconds())].join(':')
  return `${day}T${clock}.${pad(at.getMilliseconds(), 3)}`
}

function pad(number: number, width = 2): string {
  return String(number).padStart(width, '0')
}
