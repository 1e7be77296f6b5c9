import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import process from 'node:process'

/** Generations that are looked at: a hook's shell, the assistant, and the launchers between them. */
const generations = 8
/** Milliseconds for `ps`, where there is no /proc. */
const psMs = 500

/** The processes above one, nearest first; as far as the system tells. */
export function ancestors(pid: number = process.ppid): number[] {
  const parentOf = process.platform === 'linux' ? parentFromProc : parentFromPs()
  const chain: number[] = []
  for (let next: number | undefined = pid; next !== undefined && next > 1 && chain.length < generations;) {
    chain.push(next)
    next = parentOf(next)
  }
  return chain
}

function parentFromProc(pid: number): number | undefined {
  try {
    // The program's name stands in parentheses and may hold any character: what follows the last one is fixed.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

/** One table for all: a call of `ps` for each generation would cost more than the rest of a hook. */
function parentFromPs(): (pid: number) => number | undefined {
  const parents = new Map<number, number>()
  try {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: psMs })
    for (const line of table.split('\n')) {
      const [pid, parent] = line.trim().split(/\s+/).map(Number)
      if (pid && parent) parents.set(pid, parent)
    }
  } catch {
    // Nobody is found, and the mail waits for another route.
  }
  return (pid) => parents.get(pid)
}
