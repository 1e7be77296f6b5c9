import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import type { TestContext } from 'vitest'

/** Where the tools are all expected to be there: a missing one fails its tests instead of skipping them. */
const required = process.env['BELLHOP_TEST_TOOLS_REQUIRED'] === '1'

/** Ends a test as skipped, because something is missing that could be there. */
export function skipWithout(reason: string, context: Pick<TestContext, 'skip'>): never {
  if (required) throw new Error(reason)
  return skipWhere(reason, context)
}

/** Ends a test as skipped, because it cannot be run where we are. */
export function skipWhere(reason: string, { skip }: Pick<TestContext, 'skip'>): never {
  // The reporter names the reason only where it lists single tests.
  process.stderr.write(`skipped: ${reason}\n`)
  return skip(reason)
}

/** The path of a program that the machine may have. */
export function findProgram(name: string): string | undefined {
  // Administrators' programs are not on everybody's path.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
