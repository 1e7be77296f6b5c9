import { globSync } from 'node:fs'
import { basename } from 'node:path'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import { hubScript } from '../../support/assistant.ts'
import { requirePython, runPython } from './python.ts'

/** The suites are Python's own, each a file. */
const suites = globSync('test_*.py', { cwd: import.meta.dirname }).toSorted()

/** Milliseconds for a whole suite: some start a hub for each of their tests. */
const suiteMs = 180_000

describe('the Python package', () => {
  test('has suites', () => {
    expect(suites).toContain('test_hub.py')
  })

  test.for(suites)('%s', { timeout: suiteMs }, async (suite, context) => {
    const { code, output } = await runPython({
      python: requirePython(context),
      arguments: ['-W', 'error::DeprecationWarning:bellhop', '-m', 'unittest', basename(suite, '.py')],
      cwd: import.meta.dirname,
      // How the suites start a hub.
      env: { HUB_COMMAND: JSON.stringify([process.execPath, hubScript]) },
    })
    if (code !== 0) throw new Error(`${suite} failed:\n${output}`)
    // A suite that found none of its tests succeeds as well.
    expect(output).toMatch(/^Ran [1-9]\d* tests? in/m)
  })
})
