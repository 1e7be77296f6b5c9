import type { Sample } from './scenario.ts'
import { median, ratios, summarize, type Summary } from './measuring/statistics.ts'

/** Samples of one contender, one for each round. */
export interface Row {
  readonly contender: string
  readonly samples: readonly (Sample | undefined)[]
}

/** Everything that one scenario measured. */
export class Results {
  readonly rows: readonly Row[]

  constructor(rows: readonly Row[]) {
    this.rows = rows
  }

  /** One figure for each round, undefined where there is none. */
  figures(contender: string, metric: string): readonly (number | undefined)[] {
    return this.rows.find((row) => row.contender === contender)?.samples.map((sample) => sample?.[metric]) ?? []
  }

  summary(contender: string, metric: string): Summary | undefined {
    const figures = this.figures(contender, metric).filter((figure) => figure !== undefined)
    return figures.length === 0 ? undefined : summarize(figures)
  }

  /** Median over the rounds of `of` by `to`; undefined where they never ran side by side. */
  ratio(metric: string, of: string, to: string): number | undefined {
    const found = ratios(this.figures(of, metric), this.figures(to, metric))
    return found.length === 0 ? undefined : median(found)
  }

  /** Median over the rounds of what `compute` makes of each round's samples of these contenders. */
  paired(contenders: readonly string[], compute: (...samples: Sample[]) => number | undefined): number | undefined {
    const rows = contenders.map((id) => this.rows.find(({ contender }) => contender === id)?.samples ?? [])
    const found = (rows[0] ?? []).flatMap((_, round) => {
      const samples = rows.map((samples) => samples[round])
      if (!samples.every((sample) => sample !== undefined)) return []
      const value = compute(...samples)
      return value === undefined ? [] : [value]
    })
    return found.length === 0 ? undefined : median(found)
  }
}
