import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// Whatever this process makes is its user's alone [S-1].
process.umask(0o077)

// A hub that was killed should be back before anybody notices: with compiled code at hand it is up in
// two thirds of the time. In its own home, because code in a shared folder is anybody's.
const home = process.env['BELLHOP_HOME'] ?? join(homedir(), '.bellhop')
try {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  enableCompileCache(join(home, 'cache'))
} catch {
  // Only slower; a home that cannot be used is explained below.
}

const { runHub } = await import('./run.ts')
runHub()
