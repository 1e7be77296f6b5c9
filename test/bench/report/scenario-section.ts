import type { Outcome } from '../running/run-scenario.ts'
import type { Contender, Scenario } from '../scenario.ts'
import type { Results } from '../results.ts'
import { figure, withRange } from './numbers.ts'
import { markdownTable } from './table.ts'

/** What one scenario measured: its question, a table, and what must be known to read it. */
export function scenarioSection({ scenario, contenders, results, failures }: Outcome): string {
  const present = contenders.filter(({ id }) => results.rows.some(({ contender }) => contender === id))
  const metrics = scenario.metrics.filter(({ key }) => present.some(({ id }) => results.summary(id, key)))
  const head = [
    '',
    'class',
    ...metrics.map(({ label, unit }) => `${label} (${unit})`),
    `× ${baselineName(scenario, contenders)}`,
  ]
  const rows = present.map((contender) => [
    contender.label,
    contender.durability ?? '',
    ...metrics.map(({ key, digits }) => {
      const summary = results.summary(contender.id, key)
      return summary ? withRange(summary, digits) : ''
    }),
    comparison(scenario, contender, results),
  ])
  const notes = unique(contenders.flatMap(({ peer, note }) => (note === undefined ? [] : [`- ${peer}: ${note}`])))
  const missing = unique(
    contenders.flatMap(({ peer, missing }) => (missing === undefined ? [] : [`- ${peer}: not measured, ${missing}`])),
  )
  return [
    `## ${scenario.title}`,
    scenario.about,
    markdownTable(head, rows, 2),
    [...notes, ...missing, ...failures.map((failure) => `- failed: ${firstLine(failure)}`)].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The main figure as a multiple of the baseline's in the same rounds. */
function comparison({ main, baseline }: Scenario, contender: Contender, results: Results): string {
  const base = baselineOf({ baseline }, contender)
  const ratio = base === contender.id ? undefined : results.ratio(main, contender.id, base)
  return ratio === undefined ? '' : figure(ratio, 2)
}

function baselineOf({ baseline }: Pick<Scenario, 'baseline'>, contender: Contender): string {
  return typeof baseline === 'string' ? baseline : baseline(contender)
}

/** What the baseline is called; where each size has its own, what they have in common. */
function baselineName(scenario: Scenario, contenders: readonly Contender[]): string {
  const ids = new Set(contenders.map((contender) => baselineOf(scenario, contender)))
  const found = contenders.filter(({ id }) => ids.has(id))
  const isOne = typeof scenario.baseline === 'string'
  return unique(found.map(({ label, series = label }) => (isOne ? label : series))).join(', ')
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)]
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
