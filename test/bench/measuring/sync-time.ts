import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { median } from './statistics.ts'

/** What is appended, in bytes: a page of most file systems and of SQLite. */
const pageBytes = 4_096
const times = 50

/**
 * Milliseconds in which this folder's disk takes one more page of a file and says that it has it: the median of a few,
 * `everyMs` apart, because a disk that was idle takes longer than one that is at it.
 */
export async function syncMs(folder: string, everyMs: number): Promise<number> {
  const path = join(folder, 'sync-time')
  const file = openSync(path, 'w')
  const page = Buffer.alloc(pageBytes, 1)
  try {
    const took: number[] = []
    while (took.length < times) {
      await delay(everyMs)
      const before = performance.now()
      writeSync(file, page)
      fdatasyncSync(file)
      took.push(performance.now() - before)
    }
    return median(took)
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
