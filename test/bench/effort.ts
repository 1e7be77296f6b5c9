/** How much is spent on each run. */
export interface Effort {
  readonly kind: 'full' | 'quick'
  /** Runs of each contender. */
  readonly runs: number
  /** Milliseconds under load before anything is counted: compilers and caches settle. */
  readonly warmUpMs: number
  /** Milliseconds that are measured in a run. */
  readonly measuredMs: number
}

/** At least five runs, so that a median and a range mean something. */
export const fullEffort: Effort = { kind: 'full', runs: 5, warmUpMs: 1_000, measuredMs: 2_000 }

/** Shows that everything works; its figures are not worth keeping. */
export const quickEffort: Effort = { kind: 'quick', runs: 1, warmUpMs: 100, measuredMs: 250 }
