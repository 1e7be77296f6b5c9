import { expect, test } from 'vitest'
import { quickEffort } from '../effort.ts'
import { Results } from '../results.ts'
import type { Outcome } from '../running/run-scenario.ts'
import type { Contender, Scenario, Target } from '../scenario.ts'
import { figure, withRange } from './numbers.ts'
import { resultsPage, targetTable } from './page.ts'
import { curvePlot } from './plots.ts'
import { rawFigures, type Report } from './report.ts'
import { scenarioSection } from './scenario-section.ts'
import { judge } from './targets.ts'

const target = (bound: Target['bound'], limit: number, value: number | undefined): Target => ({
  what: 'speed',
  bound,
  limit,
  unit: '×',
  digits: 2,
  value: () => value,
})
const nothing = new Results([])

test.each([
  ['at least', 0.85, 0.85, 'met'],
  ['at least', 0.85, 0.8499, 'not met'],
  ['at most', 2, 2, 'met'],
  ['at most', 2, 2.001, 'not met'],
  ['at most', 2, undefined, 'not measured'],
] as const)('%s %d, measured %s: %s', (bound, limit, value, verdict) => {
  expect(judge(target(bound, limit, value), nothing).verdict).toBe(verdict)
})

test('figures are written for people, with the range where there is one', () => {
  expect(figure(1234567.891, 2)).toBe('1,234,567.89')
  expect([figure(-0.4), figure(-1.4), figure(-0.04, 1)]).toEqual(['0', '-1', '0.0'])
  expect(withRange({ median: 20, least: 10, most: 3000, count: 5 })).toBe('20 (10–3,000)')
  expect(withRange({ median: 0.5, least: 0.5, most: 0.5, count: 1 }, 1)).toBe('0.5')
})

const measure: Contender['measure'] = () => Promise.reject(new Error('not here'))
const contenders: readonly Contender[] = [
  { id: 'hub-10', label: 'hub, 10', series: 'hub', x: 10, peer: 'hub', durability: 'C', measure },
  {
    id: 'relay-10',
    label: 'relay, 10',
    series: 'relay',
    x: 10,
    peer: 'relay',
    durability: 'A',
    note: 'keeps nothing',
    measure,
  },
  {
    id: 'nats-10',
    label: 'nats, 10',
    series: 'nats',
    x: 10,
    peer: 'nats',
    durability: 'B',
    missing: 'not installed',
    measure,
  },
]
const scenario: Scenario = {
  id: 'speed',
  title: 'Speed',
  about: 'How fast it is.',
  metrics: [
    { key: 'rate', label: 'rate', unit: '/s', better: 'more' },
    { key: 'unused', label: 'never measured', unit: 's', better: 'less' },
  ],
  main: 'rate',
  baseline: ({ x }) => `hub-${x}`,
  targets: [
    {
      what: 'hub by relay',
      bound: 'at least',
      limit: 0.4,
      unit: '×',
      digits: 2,
      value: (results) => results.ratio('rate', 'hub-10', 'relay-10'),
    },
  ],
  curves: [{ metric: 'rate', title: 'Rate', x: 'agents', logX: true }],
  contenders: () => contenders,
}
const outcome: Outcome = {
  scenario,
  contenders,
  results: new Results([
    { contender: 'hub-10', samples: [{ rate: 100 }, { rate: 300 }, { rate: 200 }] },
    { contender: 'relay-10', samples: [{ rate: 200 }, undefined, { rate: 800 }] },
  ]),
  failures: ['speed 2/3 relay-10: it fell over\n  at somewhere'],
}
const report: Report = {
  date: '2026-11-22T09:00:00.000Z',
  machine: {
    processor: '2 × a processor',
    memory: '4 GiB',
    system: 'Linux 6',
    fileSystem: 'ext4',
    node: 'v24',
    commit: 'abc',
  },
  effort: quickEffort,
  versions: { hub: '1.0' },
  hubSettings: { BELLHOP_LOG: 'silent' },
  outcomes: [outcome],
}

test('a scenario is a table of those that ran, and sentences about the others', () => {
  expect(scenarioSection(outcome)).toBe(`## Speed

How fast it is.

|  | class | rate (/s) | × hub |
| --- | --- | ---: | ---: |
| hub, 10 | C | 200 (100–300) |  |
| relay, 10 | A | 500 (200–800) | 3.00 |

- relay: keeps nothing
- nats: not measured, not installed
- failed: speed 2/3 relay-10: it fell over`)
})

test('targets stand beside what was measured', () => {
  // Median of 100/200 and 200/800: the round without the relay counts for neither.
  expect(targetTable(report).split('\n')[2]).toBe('| hub by relay | at least 0.40 × | 0.38 × | not met |')
})

test('the page says where, how and what', () => {
  const page = resultsPage(report)
  expect(page).toContain('| processor | 2 × a processor, which a server and its load share |')
  expect(page).toContain('`BELLHOP_LOG=silent`')
  expect(page).toContain('npm run bench -- --quick')
  expect(page).toContain('## Speed')
})

test('raw figures hold every sample, and holes where runs failed', () => {
  const { scenarios } = JSON.parse(rawFigures(report)) as {
    scenarios: { contenders: { id: string; missing?: string; samples?: unknown[] }[] }[]
  }
  expect(scenarios[0]?.contenders).toMatchObject([
    { id: 'hub-10', samples: [{ rate: 100 }, { rate: 300 }, { rate: 200 }] },
    { id: 'relay-10', samples: [{ rate: 200 }, null, { rate: 800 }] },
    { id: 'nats-10', missing: 'not installed' },
  ])
})

test('curves are drawn as SVG, with text that follows light and dark', async () => {
  const svg = await curvePlot([outcome])
  expect(svg).toMatch(/^<svg [^>]*><style>.*prefers-color-scheme:dark/)
  for (const word of ['Rate', 'agents', 'hub', 'relay']) expect(svg).toContain(`>${word}</text>`)
  expect(await curvePlot([{ ...outcome, scenario: { ...scenario, curves: [] } }])).toBeUndefined()
})

test('a curve may begin at nothing: 0 has a place on a logarithmic axis, before the others', async () => {
  const points = [0, 1_000, 1_000_000].map((x) => ({
    id: `hub-${x}`,
    label: 'hub',
    series: 'hub',
    x,
    peer: 'hub',
    measure,
  }))
  const rows = points.map(({ id }) => ({ contender: id, samples: [{ rate: 5 }] }))
  const svg = await curvePlot([{ ...outcome, contenders: points, results: new Results(rows) }])
  const at = (label: string): number =>
    Number(new RegExp(`translate\\(([\\d.]+),[\\d.]+\\)[^>]*>${label}</text>`).exec(svg ?? '')?.[1])
  expect(at('0')).toBeLessThan(at('1k'))
  expect(at('1k')).toBeLessThan(at('1M') / 2)
})
