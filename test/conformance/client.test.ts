import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test, type TestContext } from 'vitest'
import { skipWithout } from '../support/skipping.ts'
import { runClientVectors } from './kit.ts'
import { loadVectors } from './load.ts'
import { describeLine, type Line } from './report.ts'

const typescriptDriver = fileURLToPath(new URL('./typescript-driver.ts', import.meta.url))
const pythonDriver = fileURLToPath(new URL('../../agents/python/conformance_driver.py', import.meta.url))
const python = '/usr/bin/python3'
/** A whole run starts a process for each conversation. */
const wholeRunMs = 300_000

const vectors = loadVectors()
const all = Object.values({ ...vectors, hub: [], requests: [] }).flatMap((cases) => cases.map(({ title }) => title))

/** Every line of a whole run that did not pass, as a person would read it; and how many there were in all. */
async function run(command: readonly string[]): Promise<{ wrong: string[]; count: number }> {
  const lines: Line[] = []
  await runClientVectors(
    vectors,
    { command, deadlineMs: 30_000 },
    () => true,
    (line) => lines.push(line),
  )
  return { wrong: lines.filter(({ verdict }) => verdict.kind !== 'passed').map(describeLine), count: lines.length }
}

test('the TypeScript client passes', { timeout: wholeRunMs }, async () => {
  expect(await run([process.execPath, typescriptDriver])).toEqual({ wrong: [], count: all.length })
})

test('the Python client passes', { timeout: wholeRunMs }, async (context) => {
  requirePython(context)
  expect(await run([python, pythonDriver])).toEqual({ wrong: [], count: all.length })
})

/** Ends the test as skipped, and says why, where there is no Python that has the library. */
function requirePython(context: Pick<TestContext, 'skip'>): void {
  if (spawnSync(python, ['-c', 'import websockets']).status === 0) return
  skipWithout(`${python} cannot import websockets: apt-get install python3-websockets brings it`, context)
}
