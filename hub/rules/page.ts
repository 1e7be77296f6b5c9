/** Bytes of rows in one answer: a frame that any client accepts, with room around it. */
export const pageBytes = 192 * 1024

/**
 * The longest beginning of `rows` that fits into one frame, one row at least.
 * `more` is true when rows were left out here or by the query already.
 */
export function fitPage<T>(rows: readonly T[], more: boolean): { rows: T[]; more: boolean } {
  let bytes = 0
  let fitting = 0
  for (const row of rows) {
    bytes += Buffer.byteLength(JSON.stringify(row))
    if (fitting > 0 && bytes > pageBytes) break
    fitting += 1
  }
  return { rows: rows.slice(0, fitting), more: more || fitting < rows.length }
}
