import { writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'
import { plant } from './planted.ts'

// Loaded before a hub's own program, to look into it: on SIGUSR2 it collects garbage, and says on standard
// error what is left. BELLHOP_PLANTED names a fault that is put into this hub.

function measure(collect: () => void): void {
  collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  writeSync(2, `gauge ${JSON.stringify({ live: heapUsed + external, resident: rss })}\n`)
}

if (isMainThread) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  process.on('SIGUSR2', () => measure(collect))
  const fault = process.env['BELLHOP_PLANTED']
  if (fault !== undefined) plant(fault)
}
