import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { nanoid } from 'nanoid'
import { proofText } from '../../protocol/index.ts'
import { encodeUtf8 } from './utf8.ts'

/** Characters of a nonce; 6 random bits each. */
const nonceLength = 24

/** This side's contribution to the proofs of one connection: 144 random bits. */
export function makeNonce(): string {
  return nanoid(nonceLength)
}

/** HMAC-SHA-256 over the text of [P-3], hexadecimal. The standard's own is asynchronous, and withheld from pages without TLS. */
export function prove(secret: string, role: 'client' | 'hub', hubNonce: string, clientNonce: string): string {
  return bytesToHex(hmac(sha256, encodeUtf8(secret), encodeUtf8(proofText(role, hubNonce, clientNonce))))
}

/** Compares in constant time. */
export function isSameProof(expected: string, given = ''): boolean {
  let difference = expected.length ^ given.length
  for (let at = 0; at < expected.length; at += 1) difference |= expected.charCodeAt(at) ^ given.charCodeAt(at)
  return difference === 0
}

/** SHA-256, hexadecimal. */
export function digest(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes))
}
