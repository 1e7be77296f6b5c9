import { defineConfig } from 'vitest/config'

/** Where CI wants the figures, beside what a person reads. */
const report = process.env['BELLHOP_TEST_REPORT']

/** Tests that compare times: each wants the machine for itself. */
const alone = ['assistants/*-headless.test.ts']

/** Tests that run whole assistants, packages or images, which take their time. */
const large = [
  'assistants/**/*.test.ts',
  'mcp/**/*.test.ts',
  'agents/install/real-assistants.test.ts',
  'package/**/*.test.ts',
  'docker/**/*.test.ts',
]

/** On two cores: most of a test is waiting for a disk or another process. */
const threeAtATime = { maxWorkers: 3, sequence: { groupOrder: 0 } }

export default defineConfig({
  test: {
    root: import.meta.dirname,
    // Real processes and real disks on shared machines: a slow answer is not a wrong one.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // The ledger's worker threads strip types with WebAssembly. Where the main thread does not (here, where
    // Vitest does it), V8 13 frees the module with one thread while another still optimizes its wrappers:
    // SIGSEGV in TierUpWasmToJSWrapper, once in some 500 workers. A hub's own main thread keeps it alive.
    execArgv: ['--wasm-wrapper-tiering-budget=2000000000'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', ...large],
          ...threeAtATime,
        },
      },
      {
        extends: true,
        test: {
          name: 'assistants',
          include: large,
          exclude: ['**/node_modules/**', ...alone],
          testTimeout: 90_000,
          ...threeAtATime,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          testTimeout: 90_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
