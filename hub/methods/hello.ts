import { limits, revision, softwareVersion } from '../../protocol/index.ts'
import { isProof, prove } from '../auth.ts'
import type { Caller, Handler } from './method.ts'

/** Challenge and answer in both directions: the secret never crosses the wire [S-2]. */
export const hello: Handler<'hello', Caller> = ({ authentication, settings, log }, { nonce, address }, params) => {
  const about = {
    hub: { version: softwareVersion, revision },
    limits: {
      inlineBytes: limits.inlineBytes,
      frameBytes: limits.frameBytes,
      blobBytes: limits.blobBytes,
      pingMs: settings.pingEvery,
    },
  }
  if (authentication.kind === 'open') return { kind: 'authenticated', result: about }
  const { secret } = authentication
  if (!isProof(secret, params.proof, nonce, params.nonce)) {
    log.warn({ address, client: params.client.name }, 'wrong proof')
    return { kind: 'refused', failure: { reason: 'authentication_failed' }, close: 'authentication_failed' }
  }
  return { kind: 'authenticated', result: { proof: prove(secret, 'hub', nonce, params.nonce), ...about } }
}
