import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { proofText } from '../protocol/index.ts'
import type { Secrets } from './secrets.ts'

/** How connections prove themselves [S-2]: by a secret, or not at all. */
export type Authentication =
  | { readonly kind: 'secret'; readonly secrets: Pick<Secrets, 'find'> }
  | { readonly kind: 'open' }

/** What the hub contributes to the proofs of one connection. */
export function makeNonce(): string {
  return randomBytes(24).toString('base64url')
}

export function prove(secret: string, role: 'client' | 'hub', hubNonce: string, clientNonce: string): string {
  return createHmac('sha256', secret)
    .update(proofText(role, hubNonce, clientNonce))
    .digest('hex')
}

export function isProof(secret: string, proof: string | undefined, hubNonce: string, clientNonce: string): boolean {
  const expected = Buffer.from(prove(secret, 'client', hubNonce, clientNonce))
  const given = Buffer.from(proof ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** 256 random bits [S-5]. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * The form in which keys and tokens are stored and looked up. They are random and long, so a plain
 * hash is enough, and looking a hash up leaks nothing about the token by its timing.
 */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
