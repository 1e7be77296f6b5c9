import { createInterface } from 'node:readline'
import { startHubChild } from '../../support/hub-child.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { secretOf } from '../../support/wire.ts'
import { report } from './length.ts'
import type { PlantedFault } from './planted.ts'
import { Violation } from './violation.ts'

const mebibyte = 1024 * 1024

/** What a hub may grow by between the second and the last third of a run, beside what it held: caches that fill. */
const liveGrowth = { ratio: 1.15, bytes: 16 * mebibyte }
const residentGrowth = { ratio: 1.5, bytes: 64 * mebibyte }

/** Memory of the hub's process, in bytes. */
export interface Memory {
  /** What is left of the heap, and of what hangs on it, after garbage was collected. */
  readonly live: number
  readonly resident: number
}

/** A hub in a process of its own, watched while it is fuzzed. */
export interface FuzzedHub {
  readonly port: number
  /** How long it may be silent while something is due. */
  readonly patienceMs: number
  readonly url: string
  readonly secret: string
  readonly home: { readonly folder: string }
  /** Collects its garbage and measures. Rejects when the hub is dead. */
  measure(): Promise<Memory>
  /** Throws `Violation` where the process has ended, or has said on standard error that something went wrong. */
  check(): void
}

/** Far above any honest delay; where a fault is known to be there, it need not be waited for so long. */
const patienceMs = { right: 30_000, planted: 5_000 }

/** Settings under which a fuzzer gets far, with as little as possible kept for each of its frames. */
const settings = {
  BELLHOP_PORT: '0',
  BELLHOP_SOCKET: 'no',
  BELLHOP_LOG: 'error',
  BELLHOP_SENDS_PER_MINUTE: '100000000',
  BELLHOP_REGISTRATIONS_PER_MINUTE: '100000000',
  BELLHOP_MAILBOX_DEPTH: '100',
  BELLHOP_RENAME_MINUTES: '0',
  BELLHOP_FORWARD_MINUTES: '0.01',
}

/** A hub for a fuzzer, with a planted fault or without; gone when the test ends. */
export async function startFuzzedHub(planted?: PlantedFault): Promise<FuzzedHub> {
  const folder = temporaryFolder()
  const { child, url } = await startHubChild({
    ...settings,
    BELLHOP_HOME: folder,
    NODE_OPTIONS: `--import=${new URL('./gauge.ts', import.meta.url).href}`,
    ...(planted && { BELLHOP_PLANTED: planted }),
  })
  const complaints: string[] = []
  let measured: ((memory: Memory) => void) | undefined
  let dead: ((error: Error) => void) | undefined
  let ended: string | undefined
  // Not its exit: what it said last comes behind that.
  child.once('close', (code, signal) => {
    ended = `the hub ended with ${code ?? signal}; it said: ${complaints.slice(-5).join('\n') || 'nothing'}`
    dead?.(new Violation(ended))
  })
  createInterface(child.stderr!).on('line', (line) => {
    if (line.startsWith('gauge ')) measured?.(JSON.parse(line.slice('gauge '.length)) as Memory)
    else complaints.push(line)
  })
  return {
    patienceMs: planted ? patienceMs.planted : patienceMs.right,
    port: Number(new URL(url).port),
    url,
    secret: secretOf(folder),
    home: { folder },
    measure() {
      const { promise, resolve, reject } = Promise.withResolvers<Memory>()
      measured = resolve
      dead = reject
      if (ended === undefined) child.kill('SIGUSR2')
      else reject(new Violation(ended))
      return promise
    },
    check() {
      if (ended !== undefined) throw new Violation(ended)
      if (complaints.length > 0) throw new Violation(`the hub complained: ${complaints.slice(0, 5).join('\n')}`)
    },
  }
}

/** Compares the memory after two thirds of a run with that at its end. Throws `Violation`. */
export function checkGrowth(before: Memory, after: Memory): void {
  const grown = (kind: keyof Memory): string =>
    `${kind} ${(before[kind] / mebibyte).toFixed(1)} to ${(after[kind] / mebibyte).toFixed(1)} MiB (x ${(after[kind] / before[kind]).toFixed(2)})`
  report(`memory of the hub over the last third: ${grown('live')}, ${grown('resident')}`)
  if (after.live > before.live * liveGrowth.ratio + liveGrowth.bytes) {
    throw new Violation(`the hub's memory grows: ${grown('live')}`)
  }
  if (after.resident > before.resident * residentGrowth.ratio + residentGrowth.bytes) {
    throw new Violation(`the hub's memory grows: ${grown('resident')}`)
  }
}
