import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'

/** Where something was measured, one fact a line for the reader. */
export interface Machine {
  readonly processor: string
  readonly memory: string
  readonly system: string
  readonly fileSystem: string
  readonly node: string
  readonly commit: string
}

export function describeMachine(folder: string): Machine {
  const [first] = cpus()
  return {
    processor: `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    fileSystem: fileSystemOf(folder),
    node: process.version,
    commit: commit(),
  }
}

/** The type of the file system that a folder is on: the mount with the longest path that holds it. */
function fileSystemOf(folder: string): string {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, at = '']) => at !== '' && `${folder}/`.startsWith(at.endsWith('/') ? at : `${at}/`))
  return mounts.toSorted(([, a = ''], [, b = '']) => b.length - a.length)[0]?.[2] ?? 'unknown'
}

function commit(): string {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : 'unknown'
}
