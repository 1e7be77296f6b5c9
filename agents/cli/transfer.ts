import type { CallOptions } from '../client/index.ts'
import type { Progress, Terminal } from './terminal.ts'

/** Milliseconds that a body of the largest size may take: 16 MiB over a slow line. */
const transferMs = 120_000
/** Bytes from which on somebody wonders whether anything happens. */
const longBytes = 1024 * 1024

/** Does something that may move a large body, with patience, and with a bar where it takes long. */
export async function withTransfer<T>(
  title: string,
  terminal: Terminal,
  work: (options: CallOptions) => Promise<T>,
): Promise<T> {
  let bar: Progress | undefined
  const onProgress = (done: number, total: number): void => {
    if (total < longBytes) return
    bar ??= terminal.progress(title, total)
    bar.reached(done)
  }
  try {
    return await work({ timeoutMs: transferMs, onProgress })
  } finally {
    bar?.end()
  }
}
