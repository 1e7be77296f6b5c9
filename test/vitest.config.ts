import { defineConfig } from 'vitest/config'

/** Where CI wants the figures, beside what a person reads. */
const report = process.env['BELLHOP_TEST_REPORT']

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Real processes and real disks on shared machines: a slow answer is not a wrong one.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // The ledger's worker threads strip types with WebAssembly. Where the main thread does not (here, where
    // Vitest does it), V8 13 frees the module with one thread while another still optimizes its wrappers:
    // SIGSEGV in TierUpWasmToJSWrapper, once in some 500 workers. A hub's own main thread keeps it alive.
    execArgv: ['--wasm-wrapper-tiering-budget=2000000000'],
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
