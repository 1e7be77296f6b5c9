import { createHash } from 'node:crypto'

/** Bytes of a body that fits into its message, and of one that has to be uploaded first [P-40]. */
const smallBytes = 200
const largeBytes = 24 * 1024
/** One body in so many is a large one. */
const largeEvery = 23

/** The body of the n-th message of a life. */
export function composeBody(attempt: string, n: number): string {
  const bytes = n % largeEvery === largeEvery - 1 ? largeBytes : smallBytes
  return `${attempt}. `.repeat(Math.ceil(bytes / (attempt.length + 2)))
}

export function digestOf(body: string | Uint8Array): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16)
}
