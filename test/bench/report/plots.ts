import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import type { Outcome } from '../running/run-scenario.ts'
import type { Curve } from '../scenario.ts'
import { classColours, grey, seriesColours, themeStyle } from './colours.ts'

/** What bars show: a scenario, one of its metrics, and what stands above them. */
interface Bars {
  readonly scenario: string
  readonly metric: string
  readonly title: string
}

const bars: readonly Bars[] = [
  {
    scenario: 'durable-send',
    metric: 'perSecond',
    title: 'Durable sends answered a second (one connection, 512 in flight)',
  },
  { scenario: 'idle-push', metric: 'p50', title: 'Idle: send to recipient, median in milliseconds' },
]

const classNames = {
  A: 'A: volatile',
  B: 'B: survives a kill',
  C: 'C: survives power loss',
} as const

const config = {
  background: 'transparent',
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    gridColor: grey,
    gridOpacity: 0.25,
    domainColor: grey,
    tickColor: grey,
    labelLimit: 320,
    labelFontSize: 12,
    titleFontSize: 12,
  },
  legend: { labelFontSize: 12, titleFontSize: 12, labelLimit: 320 },
  title: { fontSize: 14, anchor: 'start' },
} as const

/** Servers side by side; undefined where none of the scenarios ran. */
export function barPlot(outcomes: readonly Outcome[]): Promise<string> | undefined {
  const panels = bars.flatMap(({ scenario, metric, title }) => {
    const outcome = outcomes.find((candidate) => candidate.scenario.id === scenario)
    return outcome ? [barPanel(outcome, metric, title)] : []
  })
  return panels.length === 0 ? undefined : draw({ vconcat: panels, config } as TopLevelSpec)
}

function barPanel({ contenders, results }: Outcome, metric: string, title: string): object {
  const values = contenders.flatMap(({ id, label, durability }) => {
    const summary = results.summary(id, metric)
    return summary
      ? [{ label, durability: durability === undefined ? 'none' : classNames[durability], ...summary }]
      : []
  })
  const domain = Object.values(classNames)
  const y = { field: 'label', type: 'nominal', sort: null, title: null }
  return {
    title,
    width: 520,
    height: { step: 24 },
    data: { values },
    layer: [
      {
        mark: { type: 'bar', height: 14 },
        encoding: {
          y,
          x: { field: 'median', type: 'quantitative', title: null },
          color: {
            field: 'durability',
            type: 'nominal',
            title: null,
            legend: { orient: 'top', symbolType: 'square' },
            scale: { domain, range: [classColours.A, classColours.B, classColours.C] },
          },
        },
      },
      {
        mark: { type: 'rule', color: grey, strokeWidth: 2 },
        encoding: { y, x: { field: 'least', type: 'quantitative' }, x2: { field: 'most' } },
      },
    ],
  }
}

/** How cost grows, a panel for each curve; undefined where there is none. */
export function curvePlot(outcomes: readonly Outcome[]): Promise<string> | undefined {
  const panels = outcomes.flatMap((outcome) =>
    (outcome.scenario.curves ?? []).map((curve) => curvePanel(outcome, curve)),
  )
  return panels.length === 0
    ? undefined
    : draw({
        concat: panels,
        columns: 2,
        spacing: 30,
        resolve: { scale: { color: 'independent' } },
        config,
      } as TopLevelSpec)
}

function curvePanel({ contenders, results, scenario }: Outcome, { metric, title, x, logX, logY }: Curve): object {
  const of = scenario.metrics.find(({ key }) => key === metric)
  const y = of === undefined ? '' : `${of.label} (${of.unit})`
  const values = contenders.flatMap(({ id, label, series = label, x }) => {
    const summary = results.summary(id, metric)
    return summary && x !== undefined ? [{ series, x, ...summary }] : []
  })
  const places = [...new Set(values.map(({ x }) => x))]
  const across = {
    field: 'x',
    type: 'quantitative',
    title: x,
    scale: logX === true ? logScale(places) : { type: 'linear' },
    axis: { values: places, format: '.3~s' },
  }
  const scale = logY === true ? { type: 'log' } : { zero: true }
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    sort: null,
    scale: { range: seriesColours },
    legend: { orient: 'bottom', columns: 1 },
  }
  return {
    title,
    width: 320,
    height: 200,
    data: { values },
    layer: [
      {
        mark: { type: 'line', point: true },
        encoding: { x: across, y: { field: 'median', type: 'quantitative', title: y, scale }, color },
      },
      {
        mark: { type: 'rule', opacity: 0.5 },
        encoding: { x: across, y: { field: 'least', type: 'quantitative' }, y2: { field: 'most' }, color },
      },
    ],
  }
}

/** Logarithmic, also where one of the places is 0: that has its own place before the smallest of the others. */
function logScale(places: readonly number[]): object {
  const positive = places.filter((place) => place > 0)
  return positive.length === places.length ? { type: 'log' } : { type: 'symlog', constant: Math.min(...positive) }
}

async function draw(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' })
  const svg = await view.toSVG()
  view.finalize()
  return `${svg.replace(/(<svg[^>]*>)/, `$1${themeStyle}`)}\n`
}
