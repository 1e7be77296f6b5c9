import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const cli = fileURLToPath(new URL('../../agents/cli/main.ts', import.meta.url))

/** Sets Bellhop up for an assistant as its user does: with `bellhop install`, hooks and all. */
export async function installBellhop(assistant: string, env: Readonly<Record<string, string>>): Promise<void> {
  await promisify(execFile)(process.execPath, [cli, 'install', assistant, '--hooks', '--yes'], { env: { ...env } })
}
