import type { Metric, Registry } from 'prom-client'
import { metricRows, type MetricRow } from './metric-rows.ts'
import type { Reading } from './reading.ts'

/** What a scraper gets. */
export interface Exposition {
  readonly contentType: string
  readonly text: string
}

interface Value {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/**
 * Figures in the text format of Prometheus, those of the process behind those of the hub. The library is
 * loaded when somebody first asks: it would lengthen a hub's start by a tenth, and most hubs are never asked.
 */
export async function expose(reading: Reading): Promise<Exposition> {
  const { Registry } = await import('prom-client')
  const registry = new Registry()
  for (const row of metricRows) {
    const metric = read(row, reading)
    if (metric.values.length > 0) registry.registerMetric(asMetric(metric))
  }
  const process = await ofProcess()
  return { contentType: registry.contentType, text: `${await registry.metrics()}\n${await process.metrics()}` }
}

interface Read {
  readonly name: string
  readonly help: string
  readonly type: MetricRow['type']
  readonly values: readonly Value[]
}

function read(row: MetricRow, reading: Reading): Read {
  const { name, type, meaning: help } = row
  if (row.type !== 'histogram') return { name, help, type, values: row.read(reading) }
  const distribution = row.read(reading)
  const { bounds, count, sum } = distribution
  const reached = distribution.cumulative()
  const bucket = (le: number | string, value: number): Value => ({
    metricName: `${name}_bucket`,
    labels: { le },
    value,
  })
  return {
    name,
    help,
    type,
    values: [
      ...bounds.map((bound, step) => bucket(bound, reached[step]!)),
      bucket('+Inf', count),
      { metricName: `${name}_sum`, labels: {}, value: sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ],
  }
}

/** A registry asks a metric for nothing but its name and this: the figures are ours, counted without the library. */
function asMetric(metric: Read): Metric {
  return { ...metric, get: () => Promise.resolve({ ...metric, aggregator: 'sum' }) } as unknown as Metric
}

/** Between two scrapes in quick succession they have no value, which the library writes as no parser must read it. */
const undefinedAtTimes = [
  'nodejs_eventloop_lag_min_seconds',
  'nodejs_eventloop_lag_mean_seconds',
  'nodejs_eventloop_lag_stddev_seconds',
]

let processRegistry: Promise<Registry> | undefined

/** Memory, CPU, event loop, file descriptors: of the one process, however many hubs it runs. */
function ofProcess(): Promise<Registry> {
  return (processRegistry ??= import('prom-client').then(({ collectDefaultMetrics, Registry }) => {
    const register = new Registry()
    collectDefaultMetrics({ register })
    for (const name of undefinedAtTimes) register.removeSingleMetric(name)
    return register
  }))
}
