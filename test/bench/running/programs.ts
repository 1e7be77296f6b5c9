import { spawnSync } from 'node:child_process'

/** The first thing that looks like a version in what a program says of itself. */
export function versionOf(program: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return /\d+\.\d+(?:\.\d+)?/.exec(`${stdout}\n${stderr}`)?.[0] ?? 'unknown'
}
