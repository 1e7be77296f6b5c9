import { limits, revision, softwareVersion } from '../../protocol/index.ts'
import { isProof, prove } from '../auth.ts'
import type { Caller, Handler } from './method.ts'

/** Challenge and answer in both directions: the secret never crosses the wire [S-2]. */
export const hello: Handler<'hello', Caller> = (
  { authentication, settings, incidents },
  { nonce, address },
  params,
) => {
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
  const secret = authentication.secrets.find((known) => isProof(known, params.proof, nonce, params.nonce))
  if (secret === undefined) {
    incidents.report('wrong proof', { address, client: params.client.name })
    return { kind: 'refused', failure: { reason: 'authentication_failed' }, close: 'authentication_failed' }
  }
  // With the secret that the client has, which may be a former one.
  const proof = prove(secret, 'hub', nonce, params.nonce)
  return { kind: 'authenticated', result: { proof, ...about }, secret }
}
