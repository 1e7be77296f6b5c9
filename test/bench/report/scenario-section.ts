import type { Outcome } from '../running/run-scenario.ts'
import type { Contender, Scenario } from '../scenario.ts'
import type { Results } from '../results.ts'
import { figure, withRange } from './numbers.ts'
import { markdownTable } from './table.ts'

/** What one scenario measured: its question, a table, and what must be known to read it. */
export function scenarioSection({ scenario, contenders, results, failures }: Outcome): string {
  const present = contenders.filter(({ id }) => results.rows.some(({ contender }) => contender === id))
  const metrics = scenario.metrics.filter(({ key }) => present.some(({ id }) => results.summary(id, key)))
  const main = scenario.metrics.find(({ key }) => key === scenario.main)
  const head = ['', 'class', ...metrics.map(({ label, unit }) => `${label} (${unit})`), `${main?.label}, by the hub's`]
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
  const base = typeof baseline === 'string' ? baseline : baseline(contender)
  const ratio = base === contender.id ? undefined : results.ratio(main, contender.id, base)
  return ratio === undefined ? '' : `${figure(ratio, 2)} ×`
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)]
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
