import { softwareVersion, type NotificationParams, type ParamsInput } from '../../protocol/index.ts'
import type { ClientError } from './client.ts'
import { notGenuine, refusedHere } from './failures.ts'
import { isSameProof, makeNonce, prove } from './proof.ts'

export interface Introduction {
  readonly name: string
  readonly version?: string
}

/** What to answer to a challenge, or why this hub gets no answer. */
export type Greeting =
  | {
      readonly kind: 'hello'
      readonly params: ParamsInput<'hello'>
      /** Checks the proof in the hub's answer. Before it holds, no key may be sent [P-3]. */
      readonly isGenuine: (proof: string | undefined) => boolean
    }
  | { readonly kind: 'refuse'; readonly error: ClientError }

export function answerChallenge(
  challenge: NotificationParams<'challenge'>,
  { client, secret, local }: { client: Introduction; secret: string | undefined; local: boolean },
): Greeting {
  const nonce = makeNonce()
  const hello = { client: { name: client.name, version: client.version ?? softwareVersion }, nonce }
  if (challenge.auth === 'open') {
    // A hub may be open on loopback only [S-2]: an open one elsewhere is somebody else's.
    if (!local) return { kind: 'refuse', error: notGenuine('it asks for no proof, and it is not on this machine') }
    return { kind: 'hello', params: hello, isGenuine: () => true }
  }
  if (secret === undefined) {
    return {
      kind: 'refuse',
      error: refusedHere('authentication_failed', 'The hub wants a proof, and there is no secret here.'),
    }
  }
  return {
    kind: 'hello',
    params: { ...hello, proof: prove(secret, 'client', challenge.nonce, nonce) },
    isGenuine: (proof) => isSameProof(prove(secret, 'hub', challenge.nonce, nonce), proof),
  }
}
