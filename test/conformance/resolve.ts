import { createHmac, randomBytes } from 'node:crypto'
import { proofText } from '../../protocol/index.ts'
import type { Json } from './format.ts'

type JsonObject = { readonly [key: string]: Json }

/**
 * What placeholders stand for in one conversation. Names and keys are its own, so that a kit can run
 * against a hub that others use, and run again.
 */
export class Bindings {
  readonly #values: Map<string, Json>
  readonly #suffix = randomBytes(4).toString('hex')
  readonly #keys = new Map<string, string>()
  readonly #secret: string

  constructor(secret: string, define: Readonly<Record<string, Json>> = {}) {
    this.#secret = secret
    this.#values = new Map(Object.entries(define))
  }

  bind(name: string, value: Json): void {
    this.#values.set(name, value)
  }

  value(name: string): Json {
    const value = this.#values.get(name)
    if (value === undefined) throw new Error(`the vector uses "${name}", which nothing has captured or defined`)
    return value
  }

  /** A name of this conversation's own. */
  name(base: string): string {
    return `${base}-${this.#suffix}`
  }

  /** Whether a name can only have come from this conversation. */
  isOwn(name: string): boolean {
    return name.toLowerCase().includes(this.#suffix)
  }

  key(base: string): string {
    const key = this.#keys.get(base) ?? randomBytes(32).toString('base64url')
    this.#keys.set(base, key)
    return key
  }

  proof(role: 'client' | 'hub', hubNonce: string, clientNonce: string, secret: string = this.#secret): string {
    return createHmac('sha256', secret)
      .update(proofText(role, hubNonce, clientNonce))
      .digest('hex')
  }

  /** Puts in what placeholders stand for; matchers stay for `match`. */
  resolve(json: Json): Json {
    if (Array.isArray(json)) return json.map((item) => this.resolve(item))
    if (typeof json !== 'object' || json === null) return json
    const [placeholder] = Object.keys(json).filter((key) => Object.hasOwn(placeholders, key))
    if (placeholder !== undefined) return placeholders[placeholder]!(json, this)
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, this.resolve(value)]))
  }

  /** A text with placeholders in it. */
  text(json: Json): string {
    const text = this.resolve(json)
    if (typeof text !== 'string') throw new Error(`the vector wants a text, not ${JSON.stringify(text).slice(0, 80)}`)
    return text
  }
}

/** Every placeholder: what stands in the JSON, and what it becomes. */
const placeholders: Readonly<Record<string, (json: JsonObject, bindings: Bindings) => Json>> = {
  $use: (json, bindings) => {
    const value = bindings.resolve(bindings.value(asText(json['$use'])))
    return json['with'] === undefined
      ? value
      : { ...(value as JsonObject), ...asObject(bindings.resolve(json['with'])) }
  },
  $name: (json, bindings) => {
    const name = bindings.name(asText(json['$name'])).padEnd(Number(json['length'] ?? 0), 'x')
    return json['upper'] === true ? name.toUpperCase() : name
  },
  $topic: (json, bindings) => `#${bindings.name(asText(json['$topic']))}`,
  $key: (json, bindings) => bindings.key(asText(json['$key'])),
  $proof: (json, bindings) => {
    const { role, hubNonce, clientNonce, secret } = asObject(bindings.resolve(json['$proof']!))
    return bindings.proof(
      role as 'client' | 'hub',
      asText(hubNonce),
      asText(clientNonce),
      ...(secret === undefined ? [] : [asText(secret)]),
    )
  },
  $repeat: (json) => asText(json['$repeat']).repeat(Number(json['times'])),
  $list: (json, bindings) => Array.from({ length: Number(json['times']) }, () => bindings.resolve(json['$list']!)),
  $deep: (json) => JSON.parse('{"a":'.repeat(Number(json['$deep'])) + '1' + '}'.repeat(Number(json['$deep']))) as Json,
  $join: (json, bindings) => (json['$join'] as Json[]).map((part) => asText(bindings.resolve(part))).join(''),
}

/** For the test of the format: every word that begins with `$` and is a placeholder. */
export const placeholderNames: readonly string[] = Object.keys(placeholders)

/** A scalar as it reads; numbers stand in texts, too. */
export function asText(json: Json | undefined): string {
  return typeof json === 'string' ? json : (JSON.stringify(json) ?? '')
}

function asObject(json: Json): JsonObject {
  return json as JsonObject
}
