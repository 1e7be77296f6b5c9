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
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
