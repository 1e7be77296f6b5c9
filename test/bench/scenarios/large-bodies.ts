import type { Metric, Scenario } from '../scenario.ts'
import { peerContenders } from './peer-contenders.ts'

const mebibyte = 2 ** 20

/** Bytes of a body, and the messages of a run. */
const sizes = {
  full: [
    { label: '64 KiB', bytes: 64 * 1_024, messages: 60 },
    { label: '1 MiB', bytes: mebibyte, messages: 20 },
    { label: '16 MiB', bytes: 16 * mebibyte, messages: 4 },
  ],
  quick: [
    { label: '64 KiB', bytes: 64 * 1_024, messages: 5 },
    { label: '1 MiB', bytes: mebibyte, messages: 2 },
  ],
} as const

/** Bytes of the largest body that each carries as it is started here; a peer that is not listed carries none of them. */
const largest: Readonly<Record<string, number>> = {
  hub: 16 * mebibyte,
  nats: mebibyte,
  redis: 16 * mebibyte,
  mosquitto: 16 * mebibyte,
}

const metrics: readonly Metric[] = [
  { key: 'ms', label: 'whole at its recipient', unit: 'ms', better: 'less', digits: 2 },
  { key: 'mibPerSecond', label: 'speed', unit: 'MiB/s', better: 'more', digits: 1 },
  { key: 'byDisk', label: 'by a file written, synced and read', unit: '×', better: 'less', digits: 2 },
]

export const largeBodies: Scenario = {
  id: 'large-bodies',
  title: 'Large messages',
  about:
    'One message at a time, of random text, each through the own client library: from the send until its recipient ' +
    'has the whole body. Beside each, in the same process, as many bytes are written to a file, synced and read back. ' +
    'The relay takes no frame this large, and NATS no more than 1 MiB in its standard configuration.',
  metrics,
  main: 'ms',
  baseline: 'hub-64KiB',
  targets: [],
  curves: [{ metric: 'mibPerSecond', title: 'Speed', x: 'bytes of a body', logX: true }],
  contenders: ({ kind }) =>
    sizes[kind].flatMap(({ label, bytes, messages }) =>
      peerContenders(
        (workshop, peer, driver) =>
          workshop.with(peer, async ({ address }) => {
            const input = { driver, address, bytes, warmUps: 2, messages, folder: workshop.newFolder('file') }
            const { p50, diskMs } = await workshop.load('largeBodies', input)
            return { ms: p50, mibPerSecond: ((bytes / mebibyte) * 1_000) / p50, byDisk: p50 / diskMs }
          }),
        (peer, driver) => driver === peer.drivers[0]?.name && bytes <= (largest[peer.id] ?? 0),
      ).map((contender) => ({
        ...contender,
        id: `${contender.id}-${label.replace(' ', '')}`,
        label: `${contender.label}, ${label}`,
        x: bytes,
        series: contender.label,
      })),
    ),
}
