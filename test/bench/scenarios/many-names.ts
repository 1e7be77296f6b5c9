import { join } from 'node:path'
import { copyHome } from '../jobs/fill-ledgers.ts'
import { startHub } from '../peers/hub.ts'
import type { Workshop } from '../running/workshop.ts'
import type { Contender, Metric, Sample, Scenario } from '../scenario.ts'

const bodyBytes = 200
const inFlight = 512

const counts = {
  full: [1, 100, 10_000, 100_000],
  quick: [1, 100],
} as const

const kinds = {
  agent: { series: 'registered, away', prefix: 'agent-' },
  future: { series: 'taken by nobody yet', prefix: 'future-' },
} as const

const metrics: readonly Metric[] = [
  { key: 'perSecond', label: 'sends answered', unit: '/s', better: 'more' },
  { key: 'cpuPer100k', label: 'server CPU for 100,000', unit: 's', better: 'less', digits: 2 },
  { key: 'residentMiB', label: 'memory afterwards', unit: 'MiB', better: 'less' },
]

/** A home for each number of names, as many of either kind. */
function homes(workshop: Workshop): Promise<string> {
  return workshop.prepared('names', (folder) =>
    workshop.load(
      'fillLedgers',
      {
        homes: counts[workshop.effort.kind].map((count) => ({
          folder: join(folder, String(count)),
          waiting: 0,
          agents: count,
          names: count,
        })),
      },
      300_000,
    ),
  )
}

async function measure(workshop: Workshop, prefix: string, names: number): Promise<Sample> {
  const home = workshop.newFolder('hub')
  copyHome(join(await homes(workshop), String(names)), home)
  return workshop.with({ start: () => startHub(workshop, home) }, async ({ pid, address }) => {
    const { warmUpMs, measuredMs } = workshop.effort
    const load = { driver: 'frames', prefix, names, inFlight, bodyBytes, warmUpMs, measuredMs } as const
    const { perSecond, cpuSeconds, answered, residentBytes } = await workshop.load('sendToMany', {
      ...load,
      address,
      pid,
    })
    return { perSecond, cpuPer100k: (cpuSeconds / answered) * 100_000, residentMiB: residentBytes / 2 ** 20 }
  })
}

function contender(kind: keyof typeof kinds, names: number): Contender {
  const { series, prefix } = kinds[kind]
  return {
    id: `${kind}-${names}`,
    label: `${names.toLocaleString('en')} ${names === 1 ? 'name' : 'names'}, ${series}`,
    peer: 'hub',
    durability: 'C',
    x: names,
    series,
    measure: (workshop) => measure(workshop, prefix, names),
  }
}

export const manyNames: Scenario = {
  id: 'many-names',
  title: 'Many mailboxes',
  about:
    `Bodies of ${bodyBytes} bytes over one connection with ${inFlight} sends unanswered, each to another name than ` +
    'the one before, in no order, so that every name comes up before one does again. Nobody is connected who would ' +
    'read them. As many agents are registered as names are taken by nobody; the one curve sends to the ones, the other to the others.',
  metrics,
  main: 'perSecond',
  baseline: 'agent-1',
  targets: [],
  curves: [
    { metric: 'perSecond', title: 'Sends answered a second', x: 'names', logX: true },
    { metric: 'cpuPer100k', title: 'Server CPU for 100,000 sends', x: 'names', logX: true },
    { metric: 'residentMiB', title: 'Memory of the hub', x: 'names', logX: true },
  ],
  contenders: ({ kind }) => [
    ...counts[kind].map((names) => contender('agent', names)),
    ...counts[kind].map((names) => contender('future', names)),
  ],
}
