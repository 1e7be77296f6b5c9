import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Part } from '../part.ts'

// An agent that was killed comes back sooner.
enableCompileCache(join(process.env['BELLHOP_HOME']!, 'cache'))
const { fail, run } = await import('./run.ts')
await run(JSON.parse(process.argv[2]!) as Part).catch(fail)
