import { readFileSync } from 'node:fs'
import { SettingError, type Settings } from './settings.ts'

/** Characters of a secret that several machines share: whoever can watch a handshake can try secrets at leisure. */
export const sharedSecretLength = 16

/**
 * The secret that was set [S-2]: itself, or in a file, as containers are given secrets. Empty where none was set.
 * Of the two only one may be set: otherwise somebody will change the other one, and wonder.
 *
 * @throws SettingError where both are set, or the file holds no secret that this process can read
 */
export function readChosenSecret({ secret, secretFile }: Pick<Settings, 'secret' | 'secretFile'>): string {
  if (secretFile === '') return secret
  if (secret !== '') throw new SettingError('BELLHOP_SECRET and BELLHOP_SECRET_FILE are both set. Unset one of them.')
  const kept = read(secretFile).trim()
  if (kept === '') {
    throw new SettingError(`BELLHOP_SECRET_FILE is ${secretFile}, which is empty. Write the secret into it.`)
  }
  return kept
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const user = process.getuid === undefined ? '' : ` (user ${process.getuid()})`
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingError(
      `BELLHOP_SECRET_FILE cannot be read: ${reason}. Name a file that holds the secret and that the hub's user${user} may read.`,
    )
  }
}
