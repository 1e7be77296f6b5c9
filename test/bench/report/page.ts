import type { Effort } from '../effort.ts'
import type { Report } from './report.ts'
import { scenarioSection } from './scenario-section.ts'
import { markdownTable } from './table.ts'
import { judge } from './targets.ts'

/** The results as a page of Markdown. */
export function resultsPage(report: Report): string {
  return `${[
    '# Results',
    'Written by `npm run bench`; do not edit. Raw samples are in `results.json`.',
    howToRun,
    ...where(report),
    '## Targets',
    targetTable(report),
    '![Sends a second and latency, each server beside the others](results.svg)',
    '![How cost grows](curves.svg)',
    '## How it is measured',
    method(report.effort),
    classes,
    ...report.outcomes.map(scenarioSection),
  ].join('\n\n')}\n`
}

const howToRun = `\`\`\`sh
npm run bench                                  # everything; writes this page where all of it was measured
npm run bench -- --quick                       # a minute at most, to see that it works; writes nothing
npm run bench -- --only durable-send --runs 9  # some of it, to the terminal
sudo apt-get install nats-server redis-server mosquitto   # the servers to compare with
\`\`\``

const classes = `Durability classes: what an answered send survives.

- **A**: nothing. It is in memory.
- **B**: the death of the server, because the kernel has it.
- **C**: the loss of power, because the disk has it.`

function where({ date, machine, versions, hubSettings }: Report): string[] {
  const facts = [
    ['date', date],
    ['commit', machine.commit],
    ['processor', `${machine.processor}, which a server and its load share`],
    ['memory', machine.memory],
    ['system', `${machine.system}, ${machine.fileSystem}`],
    ['Node', machine.node],
    ...Object.entries(versions),
    [
      'settings of the hub',
      Object.entries(hubSettings)
        .map(([name, value]) => `\`${name}=${value}\``)
        .join(' '),
    ],
  ] as const
  return ['## Where', markdownTable(['', ''], facts, 2)]
}

/** Every target of every scenario, with its verdict. */
export function targetTable({ outcomes }: Pick<Report, 'outcomes'>): string {
  const rows = outcomes.flatMap(({ scenario, results }) =>
    scenario.targets.map((target) => {
      const { what, target: wanted, measured, verdict } = judge(target, results)
      return [what, wanted, measured, verdict]
    }),
  )
  return markdownTable(['what', 'target', 'measured', ''], rows)
}

function method({ runs, warmUpMs, measuredMs }: Effort): string {
  return (
    `Each figure is the median of ${runs} run${runs === 1 ? '' : 's'}, with the range in brackets. Contenders take turns (A B C, A B C, …); a ratio ` +
    'is taken inside each round and is the median of those. Each run has a fresh server, with its data on the disk in a new folder, ' +
    'and a fresh load process, which uses every server through its own Node client library; "bare frames" is the wire over `ws` without a ' +
    `library, so that the cost of the library does not hide that of the server. Where a rate is measured, ${warmUpMs / 1_000} s under load come ` +
    `first, then ${measuredMs / 1_000} s count. Server CPU is user and system time of all its threads; peak memory is its largest resident size. ` +
    'The hub is the compiled package; the relay is what a server that speaks its frames costs without storing anything, and the ceiling.'
  )
}
