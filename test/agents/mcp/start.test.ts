import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** What Node itself has loaded once a program and everything that it imports at its start is there. */
function loadedBy(program: URL | string): string[] {
  const list = `await import(${JSON.stringify(String(program))}); process.stdout.write(process.moduleLoadList.join('\\n'))`
  return execFileSync(process.execPath, ['--input-type=module', '--eval', list], { encoding: 'utf8' }).split('\n')
}

const isFetch = (module: string): boolean => module.includes('undici')

test('a shim starts without what `fetch` is made of, which an import of node:http brings along', () => {
  expect(loadedBy('node:http').some(isFetch)).toBe(true)
  expect(loadedBy(new URL('../../../agents/mcp/run.ts', import.meta.url)).filter(isFetch)).toEqual([])
})
