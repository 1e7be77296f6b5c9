import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // Real processes and real disks on shared machines: a slow answer is not a wrong one.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
  },
})
