import { fileURLToPath } from 'node:url'

/**
 * Code that was compiled before, shared by all programs that tests start. In a home of its own, as in life,
 * each would begin without any, and a start would take twice as long.
 */
export const compiledCode: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/bellhop-tests/compiled', import.meta.url)),
}

/** The environment of a program that a test starts, to which the test adds its own: nothing of the tester's. */
export const bareEnvironment: Readonly<Record<string, string>> = { PATH: process.env['PATH'] ?? '', ...compiledCode }
