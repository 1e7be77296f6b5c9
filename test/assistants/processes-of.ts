import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { hubProcess } from '../support/processes.ts'
import type { Correspondent } from './correspondent.ts'

/** Command lines of the processes that were told of one of these homes, the hubs left out. */
export async function processesOf(correspondents: readonly Correspondent[], wanted: RegExp): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['axeww', '-o', 'pid=,command='])
  const lines = stdout.split('\n').filter((line) => wanted.test(line))
  return correspondents
    .map(({ env }) => env['BELLHOP_HOME']!)
    .flatMap((home) => lines.filter((line) => line.includes(home) && Number.parseInt(line, 10) !== hubProcess(home)))
}
