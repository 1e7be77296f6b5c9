import { expect, test } from 'vitest'
import { Suggestions } from '../../hub/suggestions.ts'
import type { AgentName } from '../../protocol/index.ts'

/** A ledger of these names, and how often it was asked. */
function ledgerOf(names: string[]) {
  let asked = 0
  return {
    asked: () => asked,
    recentNames: () => {
      asked += 1
      return Promise.resolve(names as AgentName[])
    },
  }
}

test('all sends of a second look among the same names, and those of the next ask again', async () => {
  let now = 1_000
  const names = ['claude']
  const ledger = ledgerOf(names)
  const suggestions = new Suggestions(ledger, { now: () => now })
  const wanted = 'cluade' as AgentName
  expect(await Promise.all([suggestions.for(wanted), suggestions.for(wanted)])).toEqual([['claude'], ['claude']])
  now += 999
  await suggestions.for(wanted)
  expect(ledger.asked()).toBe(1)
  names.push('cluadia')
  now += 1
  expect(await suggestions.for(wanted)).toEqual(['claude', 'cluadia'])
  expect(ledger.asked()).toBe(2)
})

test('names that cannot be read are no suggestion, and are asked for again a second later', async () => {
  let now = 0
  let broken = true
  const recentNames = (): Promise<AgentName[]> =>
    broken ? Promise.reject(new Error('no disk')) : Promise.resolve(['claude'] as unknown as AgentName[])
  const suggestions = new Suggestions({ recentNames }, { now: () => now })
  expect(await suggestions.for('cluade' as AgentName)).toEqual([])
  broken = false
  now += 1_000
  expect(await suggestions.for('cluade' as AgentName)).toEqual(['claude'])
})

test('a name that is new is among them at once', async () => {
  const names = ['claude']
  const suggestions = new Suggestions(ledgerOf(names), { now: () => 0 })
  await suggestions.for('cluade' as AgentName)
  names.push('cluadia')
  suggestions.forget()
  expect(await suggestions.for('cluade' as AgentName)).toEqual(['claude', 'cluadia'])
})
