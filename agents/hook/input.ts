import process from 'node:process'
import type { Payload } from './assistants.ts'

/** Bytes of a payload: that of a tool's end holds the tool's whole result. */
const inputBytes = 32 * 1024 * 1024

/** What the assistant wrote on stdin; empty where it is too long or no JSON object. */
export async function readPayload(): Promise<Payload> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > inputBytes) return {}
    }
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {}
  } catch {
    return {}
  }
}
