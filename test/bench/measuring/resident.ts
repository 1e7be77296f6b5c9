import { delay } from '../jobs/waiting.ts'
import { usageOf } from './process.ts'

/** Milliseconds between two looks. */
const lookEveryMs = 250
/** Looks in a row that must agree. */
const looks = 4
/** How far they may differ. */
const tolerance = 0.005
/** Milliseconds after which the last value counts, steady or not. */
const longestMs = 10_000

/** Bytes resident once they stay the same for a second. Nothing is forced: garbage that is not collected counts. */
export async function steadyResident(pid: number): Promise<number> {
  const end = performance.now() + longestMs
  const seen = [usageOf(pid).residentBytes]
  while (performance.now() < end) {
    await delay(lookEveryMs)
    seen.push(usageOf(pid).residentBytes)
    const last = seen.slice(-looks)
    if (last.length === looks && Math.max(...last) <= Math.min(...last) * (1 + tolerance)) break
  }
  return seen.at(-1)!
}
