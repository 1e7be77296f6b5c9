import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { proofText } from '../../protocol/index.ts'
import type { Settings } from './settings.ts'

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

/** This side's contribution to the proofs of one connection: 144 random bits. */
export function makeNonce(): string {
  return randomBytes(18).toString('base64url')
}

/** HMAC-SHA-256 over the text of [P-3], hexadecimal. */
export function prove(secret: string, role: 'client' | 'hub', hubNonce: string, clientNonce: string): string {
  return createHmac('sha256', secret)
    .update(proofText(role, hubNonce, clientNonce))
    .digest('hex')
}

/** Compares in constant time. */
export function isSameProof(expected: string, given: string | undefined): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given ?? '')]
  return a.length === b.length && timingSafeEqual(a, b)
}
