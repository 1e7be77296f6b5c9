import { expect, test } from 'vitest'
import { knownNames, similarNames } from '../../../hub/rules/similar.ts'

const known = ['claude', 'claude-2', 'rose-debugging', 'fred', 'barney'] as never[]

test.each([
  ['claud', ['claude']],
  ['cluade', ['claude']],
  ['Claude', ['claude-2']],
  ['rose', ['rose-debugging']],
  ['frd', ['fred']],
  ['zebra', []],
  ['x', []],
])('%s may mean %j', (wanted, expected) => {
  expect(similarNames(wanted as never, knownNames(known))).toEqual(expected)
})
