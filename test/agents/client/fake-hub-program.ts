import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FakeHub } from './fake-hub.ts'

/**
 * A hub as a client starts it: as a process of its own, in the home that the environment names. It takes
 * a lock first and ends if another one has it; it notes each start and serves until it is killed.
 */
const home = process.env['BELLHOP_HOME'] ?? ''
appendFileSync(join(home, 'starts'), `${process.pid}\n`)
try {
  writeFileSync(join(home, 'lock'), String(process.pid), { flag: 'wx' })
} catch {
  process.exit(0)
}
rmSync(join(home, 'hub.sock'), { force: true })
await FakeHub.start({ path: join(home, 'hub.sock') })
