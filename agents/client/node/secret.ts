import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../settings.ts'

/**
 * The hub's secret [S-2]. For the hub of this home, the file there, which holds what is in force whatever
 * this program's environment says; for another, what the environment says. Read at each attempt, since the
 * hub makes the file at its first start. Undefined where there is none. Never log it.
 */
export function readSecret({ url, secret, home }: Pick<Settings, 'url' | 'secret' | 'home'>): string | undefined {
  return url === undefined ? (secretFile(home) ?? secret) : (secret ?? secretFile(home))
}

function secretFile(home: string): string | undefined {
  try {
    return readFileSync(join(home, 'secret'), 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}
