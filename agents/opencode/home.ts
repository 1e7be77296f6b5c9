import process from 'node:process'
import { readSettings } from '../client/settings.ts'

interface Entry {
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Bellhop's folder of the shim that opencode starts: as its entry in opencode's configuration says, which
 * is not part of this process's environment.
 */
export function homeIn(config: unknown): string {
  const entry = (config as { mcp?: Record<string, Entry | undefined> }).mcp?.['bellhop']
  const { command = [], environment } = entry ?? {}
  const at = command.indexOf('--home')
  const told = at === -1 ? undefined : command[at + 1]
  return told ?? readSettings({ ...process.env, ...environment }).home
}
