import { join } from 'node:path'
import type { Effort } from '../effort.ts'
import { copyHome, keptOf } from '../jobs/fill-ledgers.ts'
import { steadyResident } from '../measuring/resident.ts'
import { median } from '../measuring/statistics.ts'
import { startHub } from '../peers/hub.ts'
import { startRelay } from '../peers/relay.ts'
import type { Server } from '../peer.ts'
import type { Workshop } from '../running/workshop.ts'
import type { Contender, Metric, Sample, Scenario, Target } from '../scenario.ts'

/** Bytes of a body: those that wait, and those that are sent beside them. */
const bodyBytes = 200
/** Sends under way while the rate is measured. */
const inFlight = 512
const mebibyte = 2 ** 20

/** What is spent: messages that wait at each point, starts of each hub in a run, and sends one at a time on each. */
const sizes = {
  full: { waiting: [0, 1_000, 10_000, 100_000, 1_000_000], starts: 3, sends: 300 },
  quick: { waiting: [0, 1_000], starts: 1, sends: 50 },
} as const

const metrics: readonly Metric[] = [
  { key: 'readyMs', label: 'ready', unit: 'ms', better: 'less' },
  { key: 'readyLaterMs', label: 'later than empty', unit: 'ms', better: 'less' },
  { key: 'extraMiB', label: 'more memory than empty', unit: 'MiB', better: 'less', digits: 1 },
  { key: 'sendMs', label: 'one send, median', unit: 'ms', better: 'less', digits: 2 },
  { key: 'sendRatio', label: 'by empty', unit: '×', better: 'less', digits: 2 },
  { key: 'perSecond', label: 'sends answered', unit: '/s', better: 'more' },
  { key: 'cpuPer100k', label: 'server CPU for 100,000', unit: 's', better: 'less', digits: 2 },
  { key: 'drainPerSecond', label: 'one mailbox drained', unit: '/s', better: 'more' },
  { key: 'drainCpuPer100k', label: 'server CPU to drain 100,000', unit: 's', better: 'less', digits: 2 },
  { key: 'drainFirstMs', label: 'its first message', unit: 'ms', better: 'less' },
  { key: 'peakMiB', label: 'peak memory', unit: 'MiB', better: 'less' },
]

function largest({ kind }: Effort): number {
  return sizes[kind].waiting.at(-1)!
}

/** The folder that holds a home for each number of waiting messages; made once, and copied for each run. */
function homes(workshop: Workshop): Promise<string> {
  const { waiting } = sizes[workshop.effort.kind]
  return workshop.prepared('backlog', (folder) =>
    workshop.load(
      'fillLedgers',
      { homes: waiting.map((count) => ({ folder: join(folder, String(count)), waiting: count, agents: 0, names: 0 })) },
      600_000,
    ),
  )
}

async function homeWith(workshop: Workshop, waiting: number): Promise<string> {
  const home = workshop.newFolder('hub')
  copyHome(join(await homes(workshop), String(waiting)), home)
  return home
}

/** A hub with so much waiting, beside one with nothing. */
async function measureHub(workshop: Workshop, waiting: number): Promise<Sample> {
  const { starts, sends } = sizes[workshop.effort.kind]
  const emptyHome = await homeWith(workshop, 0)
  const home = await homeWith(workshop, waiting)
  const took: { empty: number; loaded: number }[] = []
  for (let start = 1; start < starts; start += 1) {
    const empty = await timed(() => startHub(workshop, emptyHome))
    await empty.server.stop()
    const loaded = await timed(() => startHub(workshop, home))
    await loaded.server.stop()
    took.push({ empty: empty.ms, loaded: loaded.ms })
  }
  const empty = await timed(() => startHub(workshop, emptyHome))
  const loaded = await timed(() => startHub(workshop, home))
  took.push({ empty: empty.ms, loaded: loaded.ms })
  const addresses = [empty.server.address, loaded.server.address] as const
  const input = { driver: 'frames', addresses, warmUps: Math.ceil(sends / 5), sends, bodyBytes } as const
  const [beside, own] = await workshop.load('sendInTurns', input)
  const extra = (await steadyResident(loaded.server.pid)) - (await steadyResident(empty.server.pid))
  await empty.server.stop()
  return {
    readyMs: median(took.map(({ loaded }) => loaded)),
    readyLaterMs: median(took.map(({ empty, loaded }) => loaded - empty)),
    extraMiB: extra / mebibyte,
    sendMs: own!.p50,
    sendRatio: own!.p50 / beside!.p50,
    ...(await measureLoad(workshop, loaded.server, waiting)),
  }
}

/** Under load, and then with its one large mailbox drained: what the hub is at its largest. */
async function measureLoad(workshop: Workshop, { pid, address }: Server, waiting: number): Promise<Sample> {
  const { warmUpMs, measuredMs } = workshop.effort
  const input = { driver: 'frames', address, pid, senders: 1, inFlight, bodyBytes, warmUpMs, measuredMs } as const
  const { perSecond, cpuSeconds, answered, peakBytes } = await workshop.load('durableSend', input)
  const sample = { perSecond, cpuPer100k: (cpuSeconds / answered) * 100_000, peakMiB: peakBytes / mebibyte }
  if (waiting === 0) return sample
  return { ...sample, ...(await measureDrain(workshop, { pid, address }, keptOf(waiting))) }
}

async function measureDrain(
  workshop: Workshop,
  { pid, address }: Pick<Server, 'pid' | 'address'>,
  waiting: number,
): Promise<Sample> {
  const { perSecond, firstMs, cpuSeconds } = await workshop.load('drain', { address, pid, waiting })
  return { drainPerSecond: perSecond, drainFirstMs: firstMs, drainCpuPer100k: (cpuSeconds / waiting) * 100_000 }
}

async function timed(start: () => Promise<Server>): Promise<{ server: Server; ms: number }> {
  const begin = performance.now()
  const server = await start()
  return { server, ms: performance.now() - begin }
}

function contender(waiting: number): Contender {
  return {
    id: `waiting-${waiting}`,
    label: `Bellhop hub, ${waiting.toLocaleString('en')} waiting`,
    peer: 'hub',
    durability: 'C',
    x: waiting,
    series: 'Bellhop hub',
    measure: (workshop) => measureHub(workshop, waiting),
  }
}

/** Pushes as many messages as the largest mailbox holds. */
function ceiling(waiting: number): Contender {
  return {
    id: 'relay',
    label: 'bare relay that only pushes',
    peer: 'relay',
    durability: 'A',
    note: 'holds nothing: pushes as many messages out of thin air, no more than the window unacknowledged',
    measure: (workshop) =>
      workshop.with({ start: () => startRelay(workshop, { waiting, bodyBytes }) }, (server) =>
        measureDrain(workshop, server, waiting),
      ),
  }
}

function drained(than: string, what: string): Target {
  return {
    what: `1,000,000 waiting: one mailbox drained, ${what}`,
    bound: 'at least',
    limit: 0.7,
    unit: '×',
    digits: 2,
    value: (results) => results.ratio('drainPerSecond', 'waiting-1000000', than),
  }
}

/** What the relay carries from a sender to a reader: the figure of the other scenarios, measured beside the drain. */
const carrying: Contender = {
  id: 'relay-carries',
  label: 'bare relay that carries them',
  peer: 'relay',
  durability: 'A',
  note: 'one sender, one reader: it reads and answers each send before it pushes',
  measure: (workshop) =>
    workshop.with({ start: () => startRelay(workshop) }, async ({ pid, address }) => {
      const { warmUpMs, measuredMs } = workshop.effort
      const input = { driver: 'frames', address, pid, senders: 1, inFlight, bodyBytes, warmUpMs, measuredMs } as const
      const { perSecond, cpuSeconds, answered } = await workshop.load('durableSend', input)
      return { drainPerSecond: perSecond, drainCpuPer100k: (cpuSeconds / answered) * 100_000 }
    }),
}

export const backlog: Scenario = {
  id: 'backlog',
  title: 'Reconnect with a backlog',
  about:
    `Messages of ${bodyBytes} bytes wait, one of five (200,000 at most) in one mailbox, the rest in 1,000 others. ` +
    'Each hub is started in turns with one on which nothing waits, until it says that it listens; the files are in ' +
    'the page cache, for the one as for the other. Then both get one send at a time, in turns; memory is what is ' +
    'resident after these, without forcing a collection. Then 512 sends are kept under way, and last the one mailbox ' +
    'is drained: its owner connects, and receives and acknowledges all of it. Only this hub and the relay are ' +
    'compared: what waits in a broker is read by other rules than one reader of one mailbox among a thousand.',
  metrics,
  main: 'perSecond',
  baseline: 'waiting-0',
  targets: [
    {
      what: '1,000,000 waiting: ready later than an empty hub',
      bound: 'at most',
      limit: 300,
      unit: 'ms',
      value: (results) => results.summary('waiting-1000000', 'readyLaterMs')?.median,
    },
    {
      what: '1,000,000 waiting: more memory than an empty hub',
      bound: 'at most',
      limit: 64,
      unit: 'MiB',
      digits: 1,
      value: (results) => results.summary('waiting-1000000', 'extraMiB')?.median,
    },
    {
      what: '1,000,000 waiting: one send, by an empty hub in turns',
      bound: 'at most',
      limit: 1.2,
      unit: '×',
      digits: 2,
      value: (results) => results.summary('waiting-1000000', 'sendRatio')?.median,
    },
    drained('relay-carries', 'by what the relay carries from a sender to a reader'),
    drained('relay', 'by a relay that only pushes, and makes its messages up'),
  ],
  curves: [
    { metric: 'perSecond', title: 'Sends answered a second', x: 'messages waiting', logX: true },
    { metric: 'sendRatio', title: 'One send, by an empty hub', x: 'messages waiting', logX: true },
    { metric: 'cpuPer100k', title: 'Server CPU for 100,000 sends', x: 'messages waiting', logX: true },
    { metric: 'extraMiB', title: 'More memory than an empty hub', x: 'messages waiting', logX: true },
    { metric: 'readyLaterMs', title: 'Ready later than an empty hub', x: 'messages waiting', logX: true },
    { metric: 'drainPerSecond', title: 'One mailbox drained', x: 'messages waiting', logX: true },
  ],
  contenders: (effort) => [...sizes[effort.kind].waiting.map(contender), carrying, ceiling(keptOf(largest(effort)))],
}
