import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { readSettings } from '../client/settings.ts'

// Assistants whose files name a home give it here: not all of them let one set a server's environment.
const chosen = process.argv[process.argv.indexOf('--home') + 1]
if (process.argv.includes('--home') && chosen) process.env['BELLHOP_HOME'] = chosen

// Assistants start their first turn without a slow server's tools: with compiled code at hand the
// shim answers in half the time. In Bellhop's own folder, because code in a shared one is anybody's.
const { home } = readSettings(process.env)
try {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  enableCompileCache(join(home, 'cache'))
} catch {
  // Only slower.
}

const { run } = await import('./run.ts')
await run()
