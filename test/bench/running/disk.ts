import { existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** f_type of file systems in memory on Linux: tmpfs and ramfs. A sync there is no sync. */
const inMemory = new Set([0x01021994, 0x858458f6])

/** The first folder for temporary files that is on a disk, or the given one. Throws where there is none. */
export function diskFolder(wanted: string | undefined): string {
  const candidates = wanted === undefined ? [tmpdir(), '/var/tmp', process.cwd()] : [wanted]
  const found = candidates.find((folder) => existsSync(folder) && !inMemory.has(statfsSync(folder).type))
  if (found === undefined)
    throw new Error(`${candidates.join(', ')}: not on a disk; name a folder that is with --folder`)
  return found
}
