import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { median } from './statistics.ts'

/** What is appended, in bytes: a page of most file systems and of SQLite. */
const pageBytes = 4_096
const times = 50

/** Milliseconds in which this folder's disk takes one more page of a file and says that it has it: the median of a few. */
export function syncMs(folder: string): number {
  const path = join(folder, 'sync-time')
  const file = openSync(path, 'w')
  const page = Buffer.alloc(pageBytes, 1)
  try {
    return median(
      Array.from({ length: times }, () => {
        const before = performance.now()
        writeSync(file, page)
        fdatasyncSync(file)
        return performance.now() - before
      }),
    )
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
