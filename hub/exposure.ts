import { isLoopback } from './net/guards.ts'
import { sharedSecretLength } from './secret-file.ts'
import { SettingError, type Settings } from './settings.ts'

/** A hub that others can reach must not let them in unasked [S-1], [S-2]. */
export function checkExposure({ host, secret, open }: Settings): void {
  if (isLoopback(host)) return
  if (open)
    throw new SettingError(`BELLHOP_OPEN is for loopback only, and BELLHOP_HOST is ${host}. Set one of them back.`)
  if (secret.length < sharedSecretLength) {
    throw new SettingError(
      `BELLHOP_HOST is ${host}, which other machines can reach: set BELLHOP_SECRET or BELLHOP_SECRET_FILE (${sharedSecretLength} characters or more) here, and the same secret on them.`,
    )
  }
}
