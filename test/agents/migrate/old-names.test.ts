import { describe, expect, test } from 'vitest'
import type { AgentName } from '../../../protocol/index.ts'
import { readNames } from '../../../agents/migrate/old-names.ts'
import { instantOf } from '../../../agents/migrate/old-time.ts'

const hour = 3_600_000
const noon = Date.UTC(2026, 10, 1, 12)
const at = (hours: number): string => new Date(noon + hours * hour).toISOString()

interface World {
  readonly instances?: Readonly<Record<string, number>>
  readonly renames?: readonly (readonly [string, string, number])[]
}

/** Times in hours from noon. */
function names({ instances = {}, renames = [] }: World) {
  const read = readNames({
    instances: Object.entries(instances).map(([name, lastSeen]) => ({ name, lastSeen: at(lastSeen) })),
    renames: renames.map(([from, to, time]) => ({ from, to, at: at(time) })),
  })
  return { ...read, carrier: (name: string, time: number) => read.carrierOf(name as AgentName, noon + time * hour) }
}

describe('mail for an old name', () => {
  test('goes to whoever carries it now, through every rename since', () => {
    const { carrier } = names({
      instances: { c: 9 },
      renames: [
        ['a', 'b', 1],
        ['b', 'c', 2],
      ],
    })
    expect(['a', 'b', 'c', 'A'].map((name) => carrier(name, 0))).toEqual(['c', 'c', 'c', 'c'])
  })

  test('that came after the rename goes along, unless somebody else has taken the name since', () => {
    expect(names({ instances: { b: 9 }, renames: [['a', 'b', 1]] }).carrier('a', 5)).toBe('b')
    const taken = names({ instances: { a: 9, b: 9 }, renames: [['a', 'b', 1]] })
    expect(taken.carrier('a', 0)).toBe('b')
    expect(taken.carrier('a', 5)).toBe('a')
  })

  test('goes around a circle once', () => {
    const renames = [
      ['a', 'b', 1],
      ['b', 'a', 2],
    ] as const
    const { carrier } = names({ instances: { a: 9 }, renames })
    expect([carrier('a', 0), carrier('b', 0), carrier('b', 5)]).toEqual(['a', 'a', 'a'])
    // Nobody is known by either name: it ends all the same.
    expect(['a', 'b']).toContain(
      names({
        renames: [
          ['a', 'b', 1],
          ['b', 'a', 1],
          ['a', 'a', 1],
        ],
      }).carrier('a', 0),
    )
  })

  test('for a name that was never changed stays', () => {
    expect(names({ renames: [['a', 'b', 1]] }).carrier('someone', 0)).toBe('someone')
  })
})

describe('who is known', () => {
  test('an instance that was seen before its rename goes by the new name', () => {
    const { agents } = names({
      instances: { a: 0 },
      renames: [
        ['a', 'b', 1],
        ['b', 'c', 2],
      ],
    })
    expect(agents).toEqual([
      {
        name: 'c',
        lastSeenAt: noon,
        former: [
          { name: 'a', leftAt: noon + hour },
          { name: 'b', leftAt: noon + 2 * hour },
        ],
      },
    ])
  })

  test('an old name that somebody has now forwards to nobody', () => {
    const { agents } = names({ instances: { a: 9, b: 9 }, renames: [['a', 'b', 1]] })
    expect(agents.map(({ name, former }) => [name, former])).toEqual([
      ['a', []],
      ['b', []],
    ])
  })

  test('names that cannot be used here are named, and so are those that are one here', () => {
    const read = names({ instances: { all: 0, 'two words': 0, Fred: 0, fred: 1 }, renames: [['x', 'hub', 1]] })
    expect(read.agents).toMatchObject([{ name: 'Fred', lastSeenAt: noon + hour }])
    expect(read.left.map(({ why }) => why)).toEqual([
      'the name "hub" is reserved here',
      'the name "all" is reserved here',
      '"two words" is no valid name here',
    ])
    expect(read.remarks).toEqual([{ what: 'the name "fred"', remark: 'it is one here with "Fred"' }])
  })
})

describe('times', () => {
  test('without a zone are local, with one they are what they say', () => {
    expect(instantOf('2026-01-02T03:04:05.678901')).toBe(new Date(2026, 0, 2, 3, 4, 5, 678).getTime())
    expect(instantOf('2026-01-02 03:04:05')).toBe(new Date(2026, 0, 2, 3, 4, 5).getTime())
    expect(instantOf('2026-01-02T03:04:05+02:00')).toBe(Date.UTC(2026, 0, 2, 1, 4, 5))
  })

  test.each([
    null,
    undefined,
    '',
    'yesterday',
    '2026-13-45T00:00:00',
    '2026-01-02',
    17,
    Buffer.from('x'),
    '0001-01-01T00:00:00',
  ])('%j is none', (value) => expect(instantOf(value)).toBeUndefined())
})
