import { closeSync, openSync, readSync } from 'node:fs'

/** Bytes of a transcript that are looked at: its first line says what began it, and may quote instructions. */
const lookedBytes = 512 * 1024

/** What began a thread of Codex, by the first line of its transcript: "exec", "cli", … */
export function sourceOf(transcript: string | undefined): string | undefined {
  if (transcript === undefined) return undefined
  try {
    const [line = ''] = beginningOf(transcript).split('\n')
    const { payload } = JSON.parse(line) as { readonly payload?: { readonly source?: unknown } }
    return typeof payload?.source === 'string' ? payload.source : undefined
  } catch {
    return undefined
  }
}

function beginningOf(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(lookedBytes)
    return buffer.toString('utf8', 0, readSync(descriptor, buffer))
  } finally {
    closeSync(descriptor)
  }
}
