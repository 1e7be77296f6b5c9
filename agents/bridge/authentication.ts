import { createHash, timingSafeEqual } from 'node:crypto'
import type { HubDoor } from './hub-door.ts'

/**
 * Whether an old client has shown that it knows the hub's secret: hexadecimal SHA-256 of `name:secret`, as the
 * older project has it. Undefined where it has, or where the hub asks nobody; otherwise what to do.
 */
export async function challenge(
  door: HubDoor,
  { name, authToken }: { name: string; authToken: string },
): Promise<string | undefined> {
  const expected = door.secrets().map((secret) => createHash('sha256').update(`${name}:${secret}`).digest('hex'))
  // All are tried, whichever fits, so that the time it takes tells nothing.
  if (expected.map((token) => isSame(token, authToken)).includes(true)) return undefined
  if (await door.isOpen()) return undefined
  const problem =
    authToken === ''
      ? 'This hub asks for its secret.'
      : 'Invalid auth token: it was not made with the secret of this hub.'
  return `${problem} Set IPC_SHARED_SECRET for this program to the content of ${door.home}/secret, then register again.`
}

/** In constant time. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
