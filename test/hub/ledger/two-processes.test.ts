import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../../hub/ledger/index.ts'
import { temporaryFolder } from '../../support/teardown.ts'

/** Opens the ledger in another process; answers its first line, and how to end it. */
async function openElsewhere(
  file: string,
): Promise<{ said: string; end: () => Promise<void>; kill: () => Promise<void> }> {
  const script = join(import.meta.dirname, 'open-once.ts')
  const child = spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const [said] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    said,
    async end() {
      child.stdin.end()
      await exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

it('one of two processes that start together on a new home gets it; the other says that it is in use', async () => {
  const file = join(temporaryFolder(), 'ledger.db')
  const both = await Promise.all([openElsewhere(file), openElsewhere(file)])
  const said = both.map((process) => process.said.replace(/ .*/, '')).toSorted()
  expect(said).toEqual(['in_use', 'open'])
  expect(existsSync(`${file}-shm`)).toBe(false)
  await both.find((process) => process.said.startsWith('open'))!.end()
})

it('the home is free again when its process has ended or was killed, and the epoch goes on', async () => {
  const file = join(temporaryFolder(), 'ledger.db')
  const first = await openElsewhere(file)
  await first.end()
  const second = await openElsewhere(file)
  expect(second.said).toBe(first.said)
  await second.kill()
  const ledger = await openLedger({ file })
  onTestFinished(() => ledger.close())
  expect(`open ${ledger.epoch}`).toBe(first.said)
})
