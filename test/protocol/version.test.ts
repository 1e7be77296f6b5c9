import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { closeCodes, errors, openrpcDocument, revision, revisions, softwareVersion } from '../../protocol/index.ts'

/** What a client depends on: shapes and codes, and not the sentences that explain them. */
function wireHash(): string {
  const { methods, 'x-notifications': notifications } = openrpcDocument() as Record<string, { summary: string }[]>
  const shapes = [...(methods ?? []), ...(notifications ?? [])].map((shape) => ({ ...shape, summary: '' }))
  const codes = [errors, closeCodes].map((table) => Object.entries(table).map(([reason, { code }]) => [reason, code]))
  return createHash('sha256')
    .update(JSON.stringify([shapes, codes]))
    .digest('hex')
    .slice(0, 16)
}

test('the schemas are those of the last revision: a change of the wire gets a line of its own', () => {
  expect(revisions.at(-1)?.hash).toBe(wireHash())
  expect(revision).toBe(revisions.length)
})

test('the version in the code is the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  expect(softwareVersion).toBe(version)
})
