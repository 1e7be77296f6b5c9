/**
 * `npm run bench`: the hub beside other servers, on this machine, now.
 *
 * A scenario is a file in `scenarios/` (what is compared, its metrics, its targets; see `scenario.ts`) and a row in
 * `scenarios/index.ts`. A contender's `measure` gets a workshop: it starts servers with `workshop.with(peer, …)`, and
 * has the load made by a job, a file in `jobs/` with a row in `jobs/index.ts`, in a process of its own:
 * `workshop.load('job', input)`. It may also start programs itself: `workshop.spawn(…)`.
 *
 * A peer is a file in `peers/` that starts the server (see `peer.ts`), a driver in `drivers/` that uses it by its own
 * client library (see `driver.ts`), and a row in the `index.ts` of each.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { fullEffort, quickEffort } from './effort.ts'
import { readOptions } from './options.ts'
import { hubSettings } from './peers/hub.ts'
import { peers } from './peers/index.ts'
import { describeMachine } from './report/machine.ts'
import { targetTable } from './report/page.ts'
import type { Report } from './report/report.ts'
import { scenarioSection } from './report/scenario-section.ts'
import { writeReport } from './report/write.ts'
import { diskFolder } from './running/disk.ts'
import { runScenario, type Outcome } from './running/run-scenario.ts'
import { Workshop } from './running/workshop.ts'
import { scenarios } from './scenarios/index.ts'

const options = readOptions(
  process.argv,
  scenarios.map(({ id }) => id),
  peers.map(({ id }) => id),
)
const effort = options.quick ? quickEffort : fullEffort
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** The hub is measured as the package has it. */
function build(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
  const { status } = spawnSync(process.execPath, [compiler, '-b', 'protocol', 'hub', 'agents'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('the hub does not compile')
}

build()
const disk = diskFolder(options.folder)
const machine = describeMachine(disk)
const workshop = new Workshop(disk, { ...effort, runs: options.runs ?? effort.runs })
// However this program ends, what it started ends with it.
process.once('exit', () => workshop.close())
// A second signal must not cut that short, so each goes on being heard.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
// Nobody reads on: a figure that is not seen need not be measured.
process.stdout.once('error', () => process.exit(1))

const outcomes: Outcome[] = []
for (const scenario of scenarios) {
  if (options.only && !options.only.includes(scenario.id)) continue
  const contenders = scenario
    .contenders(workshop.effort)
    .filter(({ peer }) => options.peers === undefined || options.peers.includes(peer))
  outcomes.push(await runScenario(scenario, contenders, workshop, say))
}

const report: Report = {
  date: new Date().toISOString(),
  machine,
  effort: workshop.effort,
  versions: Object.fromEntries(
    peers.filter((peer) => peer.missing() === undefined).map((peer) => [peer.label, peer.version()]),
  ),
  hubSettings,
  outcomes,
}
const isComplete =
  !options.quick && options.only === undefined && options.peers === undefined && workshop.effort.runs >= fullEffort.runs
const out = options.out ?? (isComplete ? import.meta.dirname : undefined)
if (out !== undefined) await writeReport(report, out)
say(`\n${outcomes.map(scenarioSection).join('\n\n')}\n\n${targetTable(report)}`)

const failures = outcomes.flatMap((outcome) => outcome.failures)
for (const failure of failures) process.stderr.write(`${failure}\n`)
process.exitCode = failures.length > 0 ? 1 : 0
