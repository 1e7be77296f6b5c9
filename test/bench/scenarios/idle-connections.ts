import { startHub } from '../peers/hub.ts'
import { startRelay } from '../peers/relay.ts'
import type { Server } from '../peer.ts'
import { tooFewFiles } from '../running/open-files.ts'
import type { Workshop } from '../running/workshop.ts'
import type { Contender, Durability, Metric, Sample, Scenario } from '../scenario.ts'

const bodyBytes = 200
const inFlight = 512
/** As the target counts: 15 KB. */
const kilobyte = 1_000

const sizes = {
  full: { connections: [0, 100, 1_000, 10_000], sends: 300 },
  quick: { connections: [0, 100], sends: 50 },
} as const

const servers = {
  hub: {
    label: 'Bellhop hub',
    durability: 'C',
    start: (workshop: Workshop): Promise<Server> => startHub(workshop),
  },
  relay: {
    label: 'bare relay',
    durability: 'A',
    start: (workshop: Workshop): Promise<Server> => startRelay(workshop),
  },
} as const satisfies Record<
  string,
  { label: string; durability: Durability; start: (workshop: Workshop) => Promise<Server> }
>

const metrics: readonly Metric[] = [
  { key: 'kbEach', label: 'memory for each', unit: 'KB', better: 'less', digits: 1 },
  { key: 'residentMiB', label: 'memory in all', unit: 'MiB', better: 'less' },
  { key: 'connectedPerSecond', label: 'connected', unit: '/s', better: 'more' },
  { key: 'cpuMsEach', label: 'server CPU to connect one', unit: 'ms', better: 'less', digits: 2 },
  { key: 'sendMs', label: 'one send, median', unit: 'ms', better: 'less', digits: 2 },
  { key: 'perSecond', label: 'sends answered', unit: '/s', better: 'more' },
]

async function measure(workshop: Workshop, connections: number, { pid, address }: Server): Promise<Sample> {
  const { kind, warmUpMs, measuredMs } = workshop.effort
  const { sends } = sizes[kind]
  const input = { address, pid, connections, sends, inFlight, bodyBytes, warmUpMs, measuredMs }
  const output = await workshop.load('manyConnections', input)
  const { beforeBytes, withBytes, connectedPerSecond, cpuSeconds, p50, perSecond } = output
  const each = {
    kbEach: (withBytes - beforeBytes) / connections / kilobyte,
    connectedPerSecond,
    cpuMsEach: (cpuSeconds * 1_000) / connections,
  }
  return {
    ...(connections > 0 && each),
    residentMiB: withBytes / 2 ** 20,
    sendMs: p50,
    perSecond,
  }
}

function contender(server: keyof typeof servers, connections: number): Contender {
  const { label, durability, start } = servers[server]
  const missing = tooFewFiles(connections)
  return {
    id: `${server}-${connections}`,
    label: `${label}, ${connections.toLocaleString('en')} idle`,
    peer: server,
    durability,
    x: connections,
    series: label,
    ...(missing !== undefined && { missing }),
    measure: (workshop) =>
      workshop.with({ start: () => start(workshop) }, (running) => measure(workshop, connections, running)),
  }
}

export const idleConnections: Scenario = {
  id: 'idle-connections',
  title: 'Idle connections',
  about:
    'So many agents connect, prove that they know the secret, register a name each with a key of its own, and say ' +
    'nothing more. Memory is what is resident once it has been the same for a second, before and with them; no ' +
    'collection is forced. Beside them, one agent then sends to another: one message at a time, and with 512 under way.',
  metrics,
  main: 'perSecond',
  baseline: 'hub-0',
  targets: [
    {
      what: '10,000 connected idle agents: resident memory for each',
      bound: 'at most',
      limit: 15,
      unit: 'KB',
      digits: 1,
      value: (results) => results.summary('hub-10000', 'kbEach')?.median,
    },
  ],
  curves: [
    { metric: 'perSecond', title: 'Sends answered a second', x: 'idle connections', logX: true },
    { metric: 'sendMs', title: 'One send, median', x: 'idle connections', logX: true },
    { metric: 'residentMiB', title: 'Memory of the server', x: 'idle connections', logX: true },
  ],
  contenders: ({ kind }) =>
    sizes[kind].connections.flatMap((connections) => [contender('hub', connections), contender('relay', connections)]),
}
