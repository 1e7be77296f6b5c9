import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { bareEnvironment } from '../support/environment.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { startOwnHub } from './own-hub.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const driver = fileURLToPath(new URL('./typescript-driver.ts', import.meta.url))

async function run(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { env: bareEnvironment })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as unknown[]
  return { code, stdout, stderr }
}

/** A file with the text in it. */
function fileWith(text: string): string {
  const file = join(temporaryFolder(), 'secret')
  writeFileSync(file, text)
  return file
}

test('a hub that passes: 0, and a line for each conversation', async () => {
  const { url, secret } = await startOwnHub()
  const file = fileWith(`${secret}\n`)
  const { code, stdout } = await run('hub', '--url', url, '--secret-file', file, '--only', 'hub/large-bodies')
  expect(stdout).toMatch(/^ok {4}hub\/large-bodies: bytes count, not characters \[P-40\]$/m)
  expect(stdout).toMatch(/^4 passed, 0 failed, 0 left out\.$/m)
  expect(code).toBe(0)
})

test('a conversation that needs a setting is run where --set says that the hub has it', async () => {
  const { url, secret } = await startOwnHub({ BELLHOP_ALLOWED_HOSTS: 'hub.example' })
  const args = ['hub', '--url', url, '--secret-file', fileWith(secret), '--only', 'compared without its port']
  const without = await run(...args)
  expect(without).toMatchObject({ code: 0, stdout: expect.stringContaining('BELLHOP_ALLOWED_HOSTS=hub.example') })
  expect(without.stdout).toMatch(/^0 passed, 0 failed, 1 left out\.$/m)
  const { stdout } = await run(...args, '--set', 'BELLHOP_ALLOWED_HOSTS=hub.example')
  expect(stdout).toMatch(/^1 passed, 0 failed, 0 left out\.$/m)
})

test('a fault: 1, with the step and what was wrong', async () => {
  const { url } = await startOwnHub()
  const args = ['--secret-file', fileWith('another secret'), '--only', 'hub/sending: a message holds something']
  const { code, stdout } = await run('hub', '--url', url, ...args)
  expect(stdout).toMatch(
    /^FAIL {2}hub\/sending.*\n {6}at step 1: .*\n {6}the answer to request 1 is .*authentication_failed/m,
  )
  expect(code).toBe(1)
})

test('a client by the command line of its driver', async () => {
  const { code, stdout } = await run('client', '--only', 'values/', '--', process.execPath, driver)
  expect(stdout).toMatch(/ passed, 0 failed, 0 left out\.$/m)
  expect(code).toBe(0)
})

test.each([
  ['no url', ['hub']],
  ['no secret', ['hub', '--url', 'ws://127.0.0.1:1']],
  ['no such file', ['hub', '--url', 'ws://127.0.0.1:1', '--secret-file', '/nowhere/secret']],
  ['no driver', ['client']],
  ['a setting that is none', ['hub', '--url', 'ws://127.0.0.1:1', '--set', 'x']],
  ['a deadline that is none', ['client', '--deadline', 'soon', '--', 'true']],
  ['an option that nobody knows', ['hub', '--faster']],
])('wrong arguments: 2 (%s)', async (_what, args) => {
  const { code, stderr } = await run(...args)
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: /m)
})
