import { expect, test, type TestContext } from 'vitest'
import { prepare, round, type Fault, type Tally } from './faulty-disk.ts'
import { long, longFactor } from './setting.ts'
import { needsStrace } from './strace.ts'

const sends = long ? 200 : 40

/** Longer than a commit has writes, and prime, so that in time each of its writes is met. */
const strides = { ENOSPC: [1, 29, 61], EIO: [37, 53] }
const allStrides = [1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71]

const everyWrite = (k: number, error: string): Fault => ({
  inject: `pwrite64:error=${error}:when=${k}+${k}`,
  files: ['', '-wal'],
})
const everySync = (k: number): Fault => ({ inject: `fsync,fdatasync:error=EIO:when=${k}+${k}`, files: ['-wal'] })

const faults: readonly Fault[] = [
  ...(long ? allStrides : strides.ENOSPC).map((k) => everyWrite(k, 'ENOSPC')),
  ...(long ? allStrides : strides.EIO).map((k) => everyWrite(k, 'EIO')),
  ...(long ? [1, 2, 3, 4, 5] : [3]).map(everySync),
  // From here on for ever: what was refused last was written whole, and must not be found after the kill.
  { inject: 'fsync,fdatasync:error=EIO:when=6+1', files: ['-wal'] },
]

test(
  'an I/O error and a full disk at every k-th write: nothing that was acknowledged is lost, and nothing that was refused is there',
  async (context: TestContext) => {
    needsStrace(context)
    const prepared = await prepare()
    const tallies: Tally[] = []
    const waiting = faults.entries()
    const work = async (): Promise<void> => {
      for (const [index, fault] of waiting) {
        tallies[index] = await round(prepared, fault, sends).catch((error: unknown) => {
          throw new Error(`under ${fault.inject}`, { cause: error })
        })
      }
    }
    await Promise.all([work(), work()])
    const sum = (what: keyof Tally): number => tallies.reduce((total, tally) => total + tally[what], 0)
    process.stdout.write(
      `disk errors: ${faults.length} hubs, ${sum('faults')} failed calls, ${sum('accepted')} sends accepted ` +
        `(${sum('mended')} of them when they were sent again), ${sum('refused')} refused; 0 lost, 0 refused and there\n`,
    )
    for (const { faults } of tallies) expect(faults).toBeGreaterThan(0)
    expect(sum('mended')).toBeGreaterThan(0)
  },
  240_000 * longFactor,
)
