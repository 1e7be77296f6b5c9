import { bridgeLimits } from './limits.ts'
import { ObjectScanner } from './object-scanner.ts'

/** Bytes of a first buffer: nearly every request fits. */
const firstBytes = 4 * 1024

/** Bytes that all requests which are still arriving may take together. */
export class Allowance {
  #left: number = bridgeLimits.arrivingBytes

  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  give(bytes: number): void {
    this.#left += bytes
  }
}

/** How a request stands after a piece of it. */
export type Progress =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'complete'; readonly value: unknown }
  | { readonly kind: 'unfit'; readonly why: string }

const incomplete: Progress = { kind: 'incomplete' }
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * One request while it arrives, in pieces of any size. Kept in one buffer that doubles: a list of the pieces
 * would cost a hundred bytes for each piece of one.
 */
export class Arrival {
  readonly #allowance: Allowance
  readonly #scanner = new ObjectScanner()
  #buffer = Buffer.alloc(0)
  #length = 0

  constructor(allowance: Allowance) {
    this.#allowance = allowance
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  add(piece: Uint8Array): Progress {
    const scan = this.#scanner.scan(piece)
    if (scan.kind === 'unfit') return scan
    const bytes = scan.kind === 'complete' ? piece.subarray(0, scan.end) : piece
    const problem = this.#append(bytes)
    if (problem !== undefined) return { kind: 'unfit', why: problem }
    return scan.kind === 'complete' ? parse(this.#buffer.subarray(0, this.#length)) : incomplete
  }

  /** Gives the memory back. */
  end(): void {
    this.#allowance.give(this.#buffer.length)
    this.#buffer = Buffer.alloc(0)
  }

  #append(bytes: Uint8Array): string | undefined {
    const length = this.#length + bytes.length
    if (length > bridgeLimits.requestBytes) {
      return `The request is larger than ${bridgeLimits.requestBytes} bytes. A text may take 16 MiB: write a larger one into a file, and send its path.`
    }
    if (length > this.#buffer.length) {
      const wanted = Math.max(firstBytes, length, this.#buffer.length * 2)
      const capacity = Math.min(wanted, bridgeLimits.requestBytes)
      if (!this.#allowance.take(capacity - this.#buffer.length)) {
        return 'Too many large requests arrive at once. Send this one again in a moment.'
      }
      const grown = Buffer.allocUnsafe(capacity)
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    this.#buffer.set(bytes, this.#length)
    this.#length = length
    return undefined
  }
}

function parse(bytes: Uint8Array): Progress {
  try {
    return { kind: 'complete', value: JSON.parse(utf8.decode(bytes)) }
  } catch {
    return { kind: 'unfit', why: 'The request is not valid JSON in UTF-8. Send one JSON object: {"action": …}.' }
  }
}
