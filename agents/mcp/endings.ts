import process from 'node:process'

/** Milliseconds for a clean end; after that the process ends all the same. */
const cleanupMs = 1_500

/**
 * Ends the process with exit code 0 when its assistant has gone: the SDK's transport ignores the end of
 * its input, and an open socket would keep the process alive for ever.
 */
export function endWithAssistant(cleanup: () => Promise<void>): void {
  let ending = false
  const end = (): void => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(0), cleanupMs)
    void cleanup().then(
      () => process.exit(0),
      () => process.exit(0),
    )
  }
  // In the next turn: what was asked in the last bytes is answered first.
  process.stdin.once('end', () => setImmediate(end))
  process.stdin.once('close', () => setImmediate(end))
  process.stdin.once('error', end)
  process.stdout.on('error', end)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, end)
}
