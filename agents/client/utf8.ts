const encoder = new TextEncoder()

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** Whether a text is more than so many bytes of UTF-8. A unit of it is one to three, so most are not encoded to find out. */
export function exceeds(text: string, bytes: number): boolean {
  if (text.length > bytes) return true
  return text.length * 3 > bytes && encodeUtf8(text).byteLength > bytes
}
