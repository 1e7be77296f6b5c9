import type { EndFormerSecrets, Failure, RotateSecret, RotateSecretRequest } from '../../protocol/index.ts'
import type { Clock } from '../clock.ts'
import { errorFacts, type Log } from '../log.ts'
import { isoTime } from '../iso-time.ts'
import type { Answer } from '../net/http.ts'
import type { Secrets } from '../secrets.ts'
import { SettingError } from '../settings.ts'

interface RotationServices {
  readonly home: { readonly secretFile: string }
  /** Undefined for a hub that is open. */
  readonly secrets: Secrets | undefined
  readonly clock: Clock
  readonly log: Log
}

/** Puts another secret in force [S-2]; the answer says until when the one before lets in, and holds neither. */
export function rotateSecret(services: RotationServices, { graceSeconds, secret }: RotateSecretRequest): Answer {
  const { home, secrets, clock } = services
  if (!secrets) return open
  return changing(services, () => {
    const formerUntil = graceSeconds === 0 ? {} : { formerUntil: isoTime(clock.now() + graceSeconds * 1000) }
    const refused = secrets.rotate(graceSeconds * 1000, secret)
    if (refused) return { status: 409, failure: { reason: 'invalid_params', ...refused } }
    const json: RotateSecret = { file: home.secretFile, ...formerUntil, ...environment(secrets) }
    return { status: 200, json }
  })
}

/** Refuses former secrets from now on, but for one in the hub's environment. */
export function endFormerSecrets(services: RotationServices): Answer {
  const { secrets } = services
  if (!secrets) return open
  return changing(services, () => {
    const json: EndFormerSecrets = { ended: secrets.endFormer(), ...environment(secrets) }
    return { status: 200, json }
  })
}

function environment({ formerInEnvironment }: Secrets): { formerInEnvironment?: true } {
  return formerInEnvironment ? { formerInEnvironment } : {}
}

const open: Answer = {
  status: 409,
  failure: {
    reason: 'invalid_params',
    message: 'This hub is open (BELLHOP_OPEN): it asks nobody for a secret.',
    next: 'Start it without BELLHOP_OPEN, if programs are to prove themselves.',
  },
}

function changing({ log }: RotationServices, work: () => Answer): Answer {
  try {
    return work()
  } catch (error) {
    const failure: Failure =
      error instanceof SettingError
        ? { reason: 'invalid_params', message: error.message, next: 'Do what it says, then run this again.' }
        : { reason: 'storage_unavailable' }
    log.error(errorFacts(error), 'the secret could not be changed')
    return { status: error instanceof SettingError ? 409 : 507, failure }
  }
}
