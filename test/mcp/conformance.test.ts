import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { bareEnvironment, startHeadless } from '../assistants/headless.ts'
import { requireTool } from '../assistants/tools.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { serveShims } from './http.ts'
import { expectedFailures, passing } from './scenarios.ts'

/** Milliseconds for all scenarios together: two seconds where nothing else runs. */
const patienceMs = 120_000

/** One thing that a scenario looked at. */
interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED'
  readonly errorMessage?: string
}

/** What the scenarios found, by their names: the tool writes each into a folder with name and time. */
function readChecks(folder: string): Map<string, readonly Check[]> {
  return new Map(
    readdirSync(folder).map((entry) => {
      const [, scenario = entry] = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(entry) ?? []
      return [scenario, JSON.parse(readFileSync(join(folder, entry, 'checks.json'), 'utf8')) as Check[]]
    }),
  )
}

/** `as in the table`, or what is different. As the tool counts, a warning is a failure. */
function compare(scenario: string, checks: readonly Check[]): string {
  const expected = expectedFailures[scenario]
  const failed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
  const problems = failed.map(({ id, errorMessage = '' }) => `${id}: ${errorMessage}`).join('\n')
  const asExpected = expected
    ? problems.includes(expected.says)
    : failed.length === 0 && checks.some(({ status }) => status === 'SUCCESS')
  return asExpected ? 'as in the table' : problems || 'nothing was found wrong'
}

test(
  'MCP conformance: every scenario that applies passes, and the others fail for the reason in the table',
  async (context) => {
    const program = requireTool('conformance', context)
    const folder = temporaryFolder()
    const baseline = join(folder, 'expected-failures.yml')
    writeFileSync(baseline, ['server:', ...Object.keys(expectedFailures).map((name) => `  - ${name}`), ''].join('\n'))
    const shims = await serveShims()

    const results = join(folder, 'results')
    const options = ['--url', shims.url, '--suite', 'all', '--expected-failures', baseline, '--output-dir', results]
    const run = startHeadless([process.execPath, program, 'server', ...options], {
      env: bareEnvironment(folder),
      cwd: folder,
    })
    const { code, stdout, stderr } = await run.ended
    // Its own verdict: 1 for a failure that is not in the baseline, and for one in the baseline that passes now.
    expect(code, `${stdout}\n${stderr}`).toBe(0)

    // It does not notice rows for scenarios that it does not have, nor why a scenario failed.
    const found = readChecks(results)
    const rows = [...Object.keys(expectedFailures), ...passing]
    expect([...found.keys()].toSorted()).toEqual(rows.toSorted())
    const outcomes = [...found].map(([scenario, checks]) => [scenario, compare(scenario, checks)])
    expect(outcomes).toEqual([...found.keys()].map((scenario) => [scenario, 'as in the table']))
    expect(shims.sessions()).toBeGreaterThan(passing.length)
  },
  patienceMs,
)
