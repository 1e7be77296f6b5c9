import { expect, test } from 'vitest'
import { Turns } from '../../../agents/mcp/turns.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** How often in a row the end of a turn can be prolonged, where so many hooks run in between. */
function prolongations(turns: Turns, between: () => void): number {
  let count = 0
  for (; turns.mayProlong && count < 20; count += 1) {
    turns.saw('end-of-turn')
    turns.prolong()
    between()
  }
  return count
}

test('a turn is prolonged five times, also where its continuation calls the prompt hook, and a prompt begins anew', () => {
  const turns = new Turns(new FakeClock())
  expect(prolongations(turns, () => turns.saw('tool-end'))).toBe(5)
  turns.saw('end-of-turn')
  turns.saw('prompt')
  expect(prolongations(turns, () => turns.saw('prompt'))).toBe(5)
  turns.saw('end-of-turn')
  turns.saw('prompt')
  expect(turns.mayProlong).toBe(true)
})

test('it is at work from a prompt to the end of the turn, and nothing is known before', () => {
  const clock = new FakeClock()
  const turns = new Turns(clock)
  expect(turns.busyFor).toBeUndefined()
  turns.saw('prompt')
  clock.advance(1_000)
  expect(turns.busyFor).toBe(1_000)
  turns.saw('tool-end')
  expect(turns.busyFor).toBe(0)
  turns.saw('end-of-turn')
  expect(turns.busyFor).toBeUndefined()
  turns.prolong()
  expect(turns.busyFor).toBe(0)
})

test('a subagent has the ends of tools until its own tool has ended, or the next prompt', () => {
  const turns = new Turns(new FakeClock())
  turns.saw('subagent')
  turns.saw('subagent')
  turns.saw('tool-end')
  turns.saw('tool-end', { subagentEnded: true })
  expect(turns.hasSubagent).toBe(true)
  turns.saw('tool-end', { subagentEnded: true })
  expect(turns.hasSubagent).toBe(false)
  turns.saw('subagent')
  turns.saw('prompt')
  expect(turns.hasSubagent).toBe(false)
})
