import { Fault } from './stream.ts'

/** What became of one conversation or vector. */
export type Verdict =
  | { readonly kind: 'passed' }
  /** `step`: which one, counted from 1; `what`: the step as the vector has it. */
  | { readonly kind: 'failed'; readonly problem: string; readonly step?: number; readonly what?: string }
  | { readonly kind: 'skipped'; readonly reason: string }

export interface Line {
  readonly title: string
  readonly rules: readonly string[]
  readonly verdict: Verdict
}

/** Reads like the report of a test run: a line for each conversation, and below it what is wrong. */
export function describeLine({ title, rules, verdict }: Line): string {
  const cited = rules.map((rule) => `[${rule}]`).join(' ')
  switch (verdict.kind) {
    case 'passed':
      return `ok    ${title} ${cited}`
    case 'skipped':
      return `skip  ${title} ${cited}: ${verdict.reason}`
    case 'failed': {
      const where = verdict.step === undefined ? '' : `\n      at step ${verdict.step}: ${verdict.what ?? ''}`
      return `FAIL  ${title} ${cited}${where}\n      ${verdict.problem.replaceAll('\n', '\n      ')}`
    }
  }
}

/** One sentence with the counts. */
export function summarize(lines: readonly Line[]): string {
  const count = (kind: Verdict['kind']): number => lines.filter(({ verdict }) => verdict.kind === kind).length
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} left out.`
}

/** A failure to go on as the vector says. What is no such failure is a fault of the kit, and thrown on. */
export function verdictOf(error: unknown): Extract<Verdict, { kind: 'failed' }> {
  if (error instanceof Fault) return { kind: 'failed', problem: error.message }
  throw error
}
