import { readFileSync } from 'node:fs'

/** Files besides connections: the ledger, the log, what Node itself has open. */
const ownFiles = 200

/** Why this machine cannot hold so many connections in one process; undefined where it can, or does not tell. */
export function tooFewFiles(connections: number): string | undefined {
  const limit = openFilesAtMost()
  const needed = connections + ownFiles
  if (limit === undefined || limit >= needed) return undefined
  return `a process may open ${limit} files here, and ${connections} connections need ${needed} (ulimit -Hn)`
}

/** The hard limit: Node raises its own up to it. */
function openFilesAtMost(): number | undefined {
  try {
    const [, hard] = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return hard === undefined || hard === 'unlimited' ? undefined : Number(hard)
  } catch {
    return undefined
  }
}
