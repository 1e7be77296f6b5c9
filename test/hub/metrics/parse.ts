/** One metric as it stands in the text format of Prometheus. */
export interface Family {
  readonly type: string
  readonly help: string
  /** By name and labels, as written. */
  readonly samples: ReadonlyMap<string, number>
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const comment = new RegExp(`^# (HELP|TYPE) (${name}) (.+)$`)
const sample = new RegExp(`^(${name})(\\{${label}(?:,${label})*\\})? (NaN|[+-]Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)$`)
const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped']

/** Reads an answer of `/metrics` as strictly as its format is written down. Throws for what does not fit. */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families = new Map<string, { type: string; help: string; samples: Map<string, number> }>()
  let current = ''
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const [, kind, of = '', rest = ''] = comment.exec(line) ?? []
    if (kind === 'HELP') {
      if (families.has(of)) throw new Error(`${of} comes twice`)
      families.set((current = of), { type: '', help: rest, samples: new Map() })
      continue
    }
    const family = families.get(current)
    if (!family) throw new Error(`no metric has begun: ${line}`)
    if (kind === 'TYPE') {
      if (of !== current || family.type !== '' || !types.includes(rest)) throw new Error(`a wrong type: ${line}`)
      family.type = rest
      continue
    }
    const [, given = '', labels = '', value = ''] = sample.exec(line) ?? []
    if (!belongs(given, current, family.type)) throw new Error(`no sample of ${current}: ${line}`)
    if (family.samples.has(given + labels)) throw new Error(`it comes twice: ${line}`)
    family.samples.set(given + labels, Number(value.replace('Inf', 'Infinity')))
  }
  for (const [of, { type, samples }] of families) if (type === 'histogram') checkSteps(of, samples)
  return families
}

function belongs(given: string, family: string, type: string): boolean {
  if (type !== 'histogram') return type !== '' && given === family
  return [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(given)
}

/** Steps only grow, and the last one is the count: of each set of other labels. */
function checkSteps(of: string, samples: ReadonlyMap<string, number>): void {
  const series = Map.groupBy(
    [...samples].filter(([key]) => key.startsWith(`${of}_bucket`)),
    ([key]) => key.replace(/,?le="[^"]*",?/, ''),
  )
  for (const [key, steps] of series) {
    const values = steps.map(([, value]) => value)
    if (values.some((value, index) => index > 0 && value < values[index - 1]!)) throw new Error(`${key} falls`)
    if (!steps.at(-1)![0].includes('le="+Inf"')) throw new Error(`${key} lacks its last step`)
    const count = samples.get(key.replace('_bucket', '_count').replace('{}', ''))
    if (count !== values.at(-1)) throw new Error(`${key} does not add up`)
  }
}
