import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { Correspondence } from '../correspondence/correspondence.ts'
import { describeVerdict } from '../history/check.ts'
import { isProgress } from '../progress.ts'
import { temporaryFolder } from '../../support/teardown.ts'

const cli = fileURLToPath(new URL('../../../agents/cli/main.ts', import.meta.url))

/** Runs a command of `bellhop` in a home, and answers its JSON. */
async function bellhop(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [cli, ...args, '--json'], { env: { PATH: process.env['PATH'], ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [output, problem] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (problem += chunk.toString()))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect({ code, problem }).toEqual({ code: 0, problem: '' })
  return JSON.parse(output) as Record<string, unknown>
}

test('a backup made while everybody writes holds all that had been acknowledged, and nothing is invented after its restore', async () => {
  const correspondence = new Correspondence()
  const { history, env } = correspondence
  const folder = join(temporaryFolder(), 'kept')
  await correspondence.begin()
  await correspondence.unlessFailed(history.next(200, isProgress))
  history.add({ kind: 'backup began' })
  const meanwhile = history.next(1, ({ event }) => event.kind === 'accepted')
  const made = await correspondence.unlessFailed(bellhop(env, 'backup', folder))
  await correspondence.unlessFailed(meanwhile)
  await correspondence.unlessFailed(history.next(100, isProgress))
  await correspondence.pause()

  history.add({ kind: 'restored' })
  const restored = await bellhop(env, 'restore', folder, '--yes')
  expect(restored['epoch']).not.toBe(made['epoch'])
  await correspondence.begin()
  await correspondence.unlessFailed(history.next(100, isProgress))
  await correspondence.pause()
  const verdict = await correspondence.judge()
  process.stdout.write(`backup under load: ${String(made['messages'])} messages in it; ${describeVerdict(verdict)}\n`)
  expect(verdict.violations).toEqual([])
}, 180_000)
