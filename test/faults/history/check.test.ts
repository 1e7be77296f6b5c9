import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from './check.ts'
import type { Event } from './event.ts'
import { plants } from './plants.ts'
import { randomHistory } from './random-history.ts'
import { rules, type Rule } from './violation.ts'

/** The rules that a history breaks, each once. */
function broken(events: readonly Event[]): Rule[] {
  return [...new Set(check(events).violations.map(({ rule }) => rule))].toSorted()
}

test('a history in which nothing is wrong passes, kills and lost answers and all', () => {
  fc.assert(
    fc.property(randomHistory, (events) => {
      expect(check(events).violations).toEqual([])
    }),
  )
})

describe('a planted fault is found, and nothing else is', () => {
  test.each(Object.entries(plants))('%s', (_, { breaks, plant }) => {
    fc.assert(
      fc.property(randomHistory, fc.nat(), (events, choice) => {
        const faulty = plant(events, (from) => from[choice % from.length])
        fc.pre(faulty !== undefined)
        expect(broken(faulty)).toEqual(breaks.toSorted())
      }),
    )
  })

  test('every rule has a plant', () => {
    const planted = new Set(Object.values(plants).flatMap(({ breaks }) => breaks))
    expect(Object.keys(rules).filter((rule) => !planted.has(rule as Rule))).toEqual([])
  })
})

const sending = (attempt: string): Event => ({
  kind: 'sending',
  attempt,
  sender: 'anna',
  to: 'rose',
  recipients: ['rose'],
  digest: `of ${attempt}`,
})
const accepted = (attempt: string, seq: number): Event => ({ kind: 'accepted', attempt, id: `one-${seq}`, seq })
const shown = (attempt: string, seq: number): Event => ({
  kind: 'shown',
  agent: 'rose',
  id: `one-${seq}`,
  seq,
  attempt,
  from: 'anna',
  digest: `of ${attempt}`,
})
const acknowledged = (seq: number): Event => ({ kind: 'acknowledged', agent: 'rose', id: `one-${seq}` })
const end = (seq: number, ...steps: Extract<Event, { kind: 'end' }>['steps']): Event => ({
  kind: 'end',
  agent: 'rose',
  id: `one-${seq}`,
  steps,
})

test('what may be shown again after a kill is counted apart', () => {
  const before: Event[] = [sending('a'), accepted('a', 1), shown('a', 1)]
  const again: Event[] = [{ kind: 'started', agent: 'rose' }, shown('a', 1), acknowledged(1), end(1, 'queued', 'shown')]
  expect(check([...before, ...again])).toMatchObject({ violations: [], counts: { shown: 1, shownAgain: 1 } })
  expect(broken([...before, acknowledged(1), ...again])).toEqual(['duplicate'])
})

describe('a restored backup', () => {
  const early = [sending('a'), accepted('a', 1), shown('a', 1), acknowledged(1), sending('b'), accepted('b', 2)]
  const late = [sending('c'), accepted('c', 3), shown('b', 2), acknowledged(2), shown('c', 3), acknowledged(3)]
  const backup: Event[] = [...early, { kind: 'backup began' }, ...late, { kind: 'restored' }]

  test('may forget what came after it began, and show that again', () => {
    const after = [shown('b', 2), acknowledged(2), end(1, 'queued', 'shown'), end(2, 'queued', 'shown')]
    expect(check([...backup, ...after])).toMatchObject({ violations: [], counts: { shown: 3, shownAgain: 1 } })
  })

  test('holds what had been accepted before it began', () => {
    expect(broken([...backup, end(1, 'queued', 'shown')])).toEqual(['unknown end'])
    expect(broken([...backup, end(1, 'queued'), end(2, 'queued')])).toEqual(['false receipt', 'receipt went back'])
  })

  test('shows nothing again that had been acknowledged before it began', () => {
    expect(broken([...backup, shown('a', 1), end(1, 'queued', 'shown'), end(2, 'queued')])).toEqual(['duplicate'])
  })
})
