import type { Effort } from './effort.ts'
import type { Results } from './results.ts'
import type { Workshop } from './running/workshop.ts'

/**
 * What an acknowledged message survives. A: nothing, it is in memory. B: the server's death. C: a power loss.
 */
export type Durability = 'A' | 'B' | 'C'

/** What one run measured, by the key of its metric. A metric that does not apply is left out. */
export type Sample = Readonly<Record<string, number>>

/** One column of a scenario's table. */
export interface Metric {
  readonly key: string
  readonly label: string
  readonly unit: string
  readonly better: 'more' | 'less' | 'neither'
  /** Digits after the point. Default: 0. */
  readonly digits?: number
}

/** One row of a scenario's table: something that is measured again and again, in turns with the others. */
export interface Contender {
  readonly id: string
  readonly label: string
  /** The peer that it belongs to, for `--peers`. */
  readonly peer: string
  /** Where messages are kept by what it does; absent where it keeps none. */
  readonly durability?: Durability
  /** What its figures must be read with. */
  readonly note?: string
  /** Its place on a curve, where the scenario has one. */
  readonly x?: number
  /** The curve that it belongs to. */
  readonly series?: string
  /** Why it cannot run on this machine. */
  readonly missing?: string
  /** One run, with fresh processes. Throws where what it measures did not happen in full. */
  measure(workshop: Workshop): Promise<Sample>
}

/** A figure that the program must reach; compared by the report, never by an assertion. */
export interface Target {
  readonly what: string
  readonly bound: 'at least' | 'at most'
  readonly limit: number
  /** Behind the figure: `×`, ` ms`, ` KB`. */
  readonly unit: string
  readonly digits?: number
  /** The measured figure; undefined where a contender that it needs did not run. */
  value(results: Results): number | undefined
}

/** Lines over `x`: how cost grows. Each contender with an `x` is a point of its `series`. */
export interface Curve {
  readonly metric: string
  readonly title: string
  readonly x: string
  readonly logX?: boolean
  readonly logY?: boolean
}

/** A question, and how it is measured. One file each, and a row in `scenarios/index.ts`. */
export interface Scenario {
  readonly id: string
  readonly title: string
  /** What is measured and how, for the reader of the results. */
  readonly about: string
  readonly metrics: readonly Metric[]
  /** The metric of bars and ratios. */
  readonly main: string
  /** The contender whose figure the others are compared with, or which one it is for each of them. */
  readonly baseline: string | ((contender: Contender) => string)
  readonly targets: readonly Target[]
  readonly curves?: readonly Curve[]
  contenders(effort: Effort): readonly Contender[]
}
