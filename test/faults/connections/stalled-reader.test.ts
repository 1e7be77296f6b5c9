import { expect, test } from 'vitest'
import { skipWhere } from '../../support/skipping.ts'
import { measureCrowd, type Measured } from './crowd.ts'

const readers = 100
/** Messages to the others, with large ones to the last: a multiple of those others. */
const rounds = 20 * (readers - 1)
/** With and without the stalled reader, in turn, so that a busy moment meets both. */
const pairs = 2
/**
 * What a stalled reader may cost, in bytes: the outbound buffer of 1 MiB, and what differs between the
 * peaks of any two hubs, as garbage goes. Its mail, held in full as text and as bytes, would take 75 MiB.
 */
const costMax = 48 * 1024 * 1024

function worstOf(measured: readonly Measured[], share: number): number {
  const pooled = measured.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b)
  return pooled[Math.floor(pooled.length * share)]!
}

function peakOf(measured: readonly Measured[]): number {
  return Math.min(...measured.map(({ peakBytes }) => peakBytes))
}

test(`one stalled reader among ${readers} is let go as slow, loses nothing, and costs the others nothing`, async (context) => {
  if (process.platform !== 'linux') skipWhere('resident memory is read from /proc', context)
  const [well, stalled]: [Measured[], Measured[]] = [[], []]
  for (let pair = 0; pair < pairs; pair += 1) {
    well.push(await measureCrowd(readers, rounds, false))
    stalled.push(await measureCrowd(readers, rounds, true))
  }
  const ratio = (share: number): string => (worstOf(stalled, share) / worstOf(well, share)).toFixed(2)
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  process.stdout.write(
    `stalled reader: others' latency with it over without it: p50 ${ratio(0.5)}, p99 ${ratio(0.99)}; the hub's memory at ` +
      `its highest: ${(peakOf(stalled) / peakOf(well)).toFixed(2)} (${mebibytes(peakOf(stalled))} over ${mebibytes(peakOf(well))} MiB)\n`,
  )
  for (const { closed, waiting, sentToLast } of stalled) {
    expect(closed.filter((reason) => reason === 'slow')).toHaveLength(1)
    expect(waiting).toBe(sentToLast)
  }
  for (const { closed } of well) expect(closed).not.toContain('slow')
  expect(peakOf(stalled) - peakOf(well)).toBeLessThan(costMax)
}, 240_000)
