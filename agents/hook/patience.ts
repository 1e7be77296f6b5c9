import process from 'node:process'
import { isAlive } from '../local/processes.ts'
import { connectToShim, type Search, type ShimLink } from '../local/link.ts'

/** Milliseconds between two looks for a shim that has not started yet. */
const lookMs = 250
/** Milliseconds between two looks whether the assistant is still there. */
const watchMs = 2_000

/** Looks for the shim until it is there; undefined after so many looks. */
export async function awaitShim(search: Search, looks: number): Promise<ShimLink | undefined> {
  for (let look = 0; look < looks && !search.signal.aborted; look += 1) {
    const link = await connectToShim(search)
    if (link) return link
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
  return undefined
}

/** Ends this process when the assistant has gone: some assistants leave such programs behind. */
export function endWithOwner(owner: number | undefined): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent || (owner !== undefined && !isAlive(owner))) process.exit(0)
  }, watchMs)
}
