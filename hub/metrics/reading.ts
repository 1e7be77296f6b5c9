import { stat, statfs } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import type { Health } from '../health.ts'
import type { Home } from '../home.ts'
import type { Ledger, Vitals } from '../ledger/index.ts'
import type { Queue } from '../ledger/upkeep.ts'
import type { Tally } from './tally.ts'

/** What figures are read from. */
export interface Sources {
  readonly tally: Tally
  readonly ledger: Pick<Ledger, 'epoch' | 'vitals'> & Queue
  readonly clock: Clock
  readonly health: Health
  readonly home: Pick<Home, 'folder' | 'database'>
  /** Agents with a live connection. */
  online(): number
  connections(): number
  /** Connections that have not authenticated yet. */
  handshakes(): number
}

/** All figures of one moment. What cannot be had at the moment is undefined, so that the others are told all the same. */
export interface Reading {
  readonly tally: Tally
  readonly epoch: string
  readonly writable: boolean
  readonly online: number
  readonly connections: number
  readonly handshakes: number
  /** Operations of the ledger that wait for their batch. */
  readonly queued: number
  readonly vitals: Vitals | undefined
  /** Milliseconds; 0 where nothing waits, undefined where that is not known yet. */
  readonly oldestMs: number | undefined
  /** Bytes. */
  readonly databaseBytes: number | undefined
  readonly logBytes: number | undefined
  readonly freeBytes: number | undefined
}

/** Never rejects. Costs the same whatever waits. */
export async function takeReading(sources: Sources): Promise<Reading> {
  const { tally, ledger, clock, health, home } = sources
  // Before the question below joins them.
  const queued = ledger.queued()
  const [vitals, databaseBytes, logBytes, freeBytes] = await Promise.all([
    ledger.vitals().catch(() => undefined),
    bytesOf(home.database),
    bytesOf(`${home.database}-wal`),
    freeIn(home.folder),
  ])
  return {
    tally,
    epoch: ledger.epoch,
    writable: health.writable,
    online: sources.online(),
    connections: sources.connections(),
    handshakes: sources.handshakes(),
    queued,
    vitals,
    oldestMs: vitals && oldest(vitals, clock.now()),
    databaseBytes,
    logBytes,
    freeBytes,
  }
}

function oldest({ waiting, oldestSentAt }: Vitals, now: number): number | undefined {
  if (waiting.mailboxes + waiting.topics === 0) return 0
  return oldestSentAt === undefined ? undefined : Math.max(0, now - oldestSentAt)
}

async function bytesOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  )
}

async function freeIn(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  )
}
