import process from 'node:process'
import type { HubFigures } from '../../protocol/index.ts'
import type { Distribution } from './distribution.ts'
import type { Reading } from './reading.ts'

/** The figures of `/metrics` as a person wants them: shares in place of steps, and only the reasons that occurred. */
export function figuresOf(reading: Reading): HubFigures {
  const { tally, vitals, oldestMs } = reading
  return {
    waiting: vitals && { ...vitals.waiting, ...(oldestMs !== undefined && { oldestMs }) },
    blobs: vitals?.blobs,
    online: reading.online,
    connections: reading.connections,
    handshakes: reading.handshakes,
    writable: reading.writable,
    messages: { ...tally.messages },
    pushes: tally.pushes,
    pushLatency: timingOf(tally.pushLatency),
    commits: timingOf(tally.commitTime),
    queued: reading.queued,
    receipts: { ...tally.receipts },
    refusals: occurred(tally.refusals),
    rejected: occurred(tally.rejections),
    closes: occurred(tally.closes),
    sweeps: { ...tally.sweeps },
    backups: { ...tally.backups },
    memoryBytes: process.memoryUsage.rss(),
    databaseBytes: reading.databaseBytes,
    logBytes: reading.logBytes,
    freeBytes: reading.freeBytes,
  }
}

function timingOf(times: Distribution): HubFigures['commits'] {
  const ms = (share: number): number | undefined => {
    const seconds = times.quantile(share)
    return seconds === undefined ? undefined : Number((seconds * 1000).toFixed(2))
  }
  return { count: times.count, p50Ms: ms(0.5), p99Ms: ms(0.99) }
}

function occurred(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
