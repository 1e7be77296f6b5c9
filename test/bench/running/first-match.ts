import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Milliseconds that a server may take to say that it is ready. */
const readyMs = 30_000

/** The first group of the first line of a child's output that fits. Rejects where the child ends before, or says nothing. */
export async function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const late = setTimeout(() => reject(new Error(`nothing like ${pattern} in ${readyMs / 1_000} s`)), readyMs)
  for (const output of [child.stdout, child.stderr]) {
    if (!output) continue
    createInterface(output).on('line', (line) => {
      const found = pattern.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
  }
  child.once('error', reject)
  child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal} before it was ready`)))
  try {
    return await promise
  } finally {
    clearTimeout(late)
  }
}
