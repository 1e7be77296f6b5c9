import { Results } from '../results.ts'
import type { Contender, Sample, Scenario } from '../scenario.ts'
import type { Workshop } from './workshop.ts'

/** What became of one scenario. */
export interface Outcome {
  readonly scenario: Scenario
  readonly contenders: readonly Contender[]
  readonly results: Results
  /** Sentences: which run of whom failed, and why. */
  readonly failures: readonly string[]
}

/** Says what is going on, while it goes on. */
export type Progress = (line: string) => void

/**
 * Runs the contenders in turns (A B C, A B C, …), so that what the machine does for a while happens to all.
 * A run that fails leaves a hole in its round and a sentence in `failures`.
 */
export async function runScenario(
  scenario: Scenario,
  contenders: readonly Contender[],
  workshop: Workshop,
  progress: Progress,
): Promise<Outcome> {
  const present = contenders.filter(({ missing }) => missing === undefined)
  const samples = new Map<string, (Sample | undefined)[]>(present.map(({ id }) => [id, []]))
  const failures: string[] = []
  for (let round = 1; round <= workshop.effort.runs; round += 1) {
    for (const contender of present) {
      const title = `${scenario.id} ${round}/${workshop.effort.runs} ${contender.id}`
      try {
        const sample = finite(await contender.measure(workshop))
        samples.get(contender.id)?.push(sample)
        progress(`${title}: ${describe(scenario, sample)}`)
      } catch (error) {
        samples.get(contender.id)?.push(undefined)
        failures.push(`${title}: ${error instanceof Error ? error.message : String(error)}`)
        progress(`${title}: FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      } finally {
        await workshop.tidy()
      }
    }
  }
  const rows = [...samples].map(([contender, samples]) => ({ contender, samples }))
  return { scenario, contenders, results: new Results(rows), failures }
}

/** Without what cannot be a figure: cost for each message of a run in which none was answered. */
function finite(sample: Sample): Sample {
  return Object.fromEntries(Object.entries(sample).filter(([, value]) => Number.isFinite(value)))
}

function describe({ metrics }: Scenario, sample: Sample): string {
  return metrics
    .flatMap(({ key, unit, digits = 0 }) =>
      sample[key] === undefined ? [] : [`${sample[key].toFixed(digits)} ${unit}`],
    )
    .join(', ')
}
