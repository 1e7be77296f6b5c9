import type { Effort } from '../effort.ts'
import type { Outcome } from '../running/run-scenario.ts'
import type { Machine } from './machine.ts'

/** Everything that is known after a run, as the pages, plots and raw figures are made from it. */
export interface Report {
  readonly date: string
  readonly machine: Machine
  readonly effort: Effort
  /** Of each peer that was there, by its label. */
  readonly versions: Readonly<Record<string, string>>
  /** Settings in which the hub differs from one that somebody just starts. */
  readonly hubSettings: Readonly<Record<string, string>>
  readonly outcomes: readonly Outcome[]
}

/** Every sample, for whoever wants to compute something else. */
export function rawFigures({ outcomes, ...rest }: Report): string {
  const scenarios = outcomes.map(({ scenario: { id, title, metrics }, contenders, results, failures }) => ({
    id,
    title,
    metrics: metrics.map(({ key, label, unit }) => ({ key, label, unit })),
    failures,
    contenders: contenders.map((contender) => ({
      id: contender.id,
      label: contender.label,
      peer: contender.peer,
      durability: contender.durability,
      x: contender.x,
      missing: contender.missing,
      samples: results.rows.find((row) => row.contender === contender.id)?.samples.map((sample) => sample ?? null),
    })),
  }))
  return `${JSON.stringify({ ...rest, scenarios }, null, 2)}\n`
}
