import { z } from 'zod'

/** 16 to 64 characters of base64url: what each side contributes to the proofs. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/)

/** HMAC-SHA-256, hexadecimal. */
export const Proof = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * The text that each side signs with the secret [P-3]. The role stands in it so that neither side's
 * proof can be sent back as the other's, and both nonces, so that no proof serves twice.
 */
export function proofText(role: 'client' | 'hub', hubNonce: string, clientNonce: string): string {
  return `bellhop.v1\n${role}\n${hubNonce}\n${clientNonce}`
}
