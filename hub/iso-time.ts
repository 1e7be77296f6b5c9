/** Times that are remembered at once. Above it all are forgotten. */
const remembered = 256

const known = new Map<number, string>()

/** Milliseconds since 1970 as the wire writes them. Remembered, because what is sent in one batch has few different ones. */
export function isoTime(ms: number): string {
  let text = known.get(ms)
  if (text === undefined) {
    if (known.size >= remembered) known.clear()
    known.set(ms, (text = new Date(ms).toISOString()))
  }
  return text
}
