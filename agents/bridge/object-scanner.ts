import { bridgeLimits } from './limits.ts'

/** What is known of a JSON object of which a further piece has come. */
export type Scan =
  | { readonly kind: 'incomplete' }
  /** The object ends before this byte of the piece. */
  | { readonly kind: 'complete'; readonly end: number }
  | { readonly kind: 'unfit'; readonly why: string }

const incomplete: Scan = { kind: 'incomplete' }
const [quote, backslash, openBrace, openBracket, closeBrace, closeBracket] = Buffer.from('"\\{[}]')
/** Space, tab, line feed, carriage return: what JSON allows before a value. */
const blanks = new Set(Buffer.from(' \t\n\r'))

/**
 * Finds the end of the first JSON object in a stream of bytes. Looks at each byte once, whatever the pieces
 * are, and ends early where parsing would cost more than an honest request does. Says nothing about
 * whether it is valid JSON: that is the parser's business, once.
 */
export class ObjectScanner {
  #depth = 0
  #structure = 0
  #inString = false
  #escaped = false

  scan(piece: Uint8Array): Scan {
    for (let index = 0; index < piece.length; index += 1) {
      const byte = piece[index]!
      if (this.#inString) this.#readInString(byte)
      else if (this.#depth > 0 || !blanks.has(byte)) {
        // A browser's POST, TLS, or a client of another protocol.
        if (this.#depth === 0 && byte !== openBrace) return unfit('A request is one JSON object and begins with "{".')
        this.#structure += 1
        if (this.#structure > bridgeLimits.structureBytes) {
          return unfit(`The request has more than ${bridgeLimits.structureBytes} bytes outside of its texts.`)
        }
        if (byte === quote) this.#inString = true
        else if (byte === openBrace || byte === openBracket) this.#depth += 1
        else if (byte === closeBrace || byte === closeBracket) this.#depth -= 1
        if (this.#depth > bridgeLimits.depth) {
          return unfit(`The request is nested deeper than ${bridgeLimits.depth} levels.`)
        }
        if (this.#depth === 0) return { kind: 'complete', end: index + 1 }
      }
    }
    return incomplete
  }

  /** Bytes of UTF-8 above ASCII never look like a quote or a backslash. */
  #readInString(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === backslash) this.#escaped = true
    else if (byte === quote) this.#inString = false
  }
}

function unfit(why: string): Scan {
  return { kind: 'unfit', why }
}
