/** Bytes of a value as JSON. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** How many of these, from the first, fit into a JSON list of so many bytes. */
export function fitting(values: readonly unknown[], bytes: number): number {
  let left = bytes - '[]'.length
  let count = 0
  for (const value of values) {
    left -= jsonBytes(value) + ','.length
    if (left < 0) break
    count += 1
  }
  return count
}
