import type { Contender, Scenario } from '../scenario.ts'
import { peerContenders } from './peer-contenders.ts'

const bodyBytes = 200
const sizes = [10, 100, 1_000]

/** Broadcasts under way, so that some 2,000 deliveries are: never so few that the server waits for the sender. */
const inFlightTo = (recipients: number): number => Math.max(4, Math.min(64, Math.round(2_000 / recipients)))

export const broadcast: Scenario = {
  id: 'broadcast',
  title: 'Broadcast',
  about:
    `One sender, bodies of ${bodyBytes} bytes, to 10, 100 and 1,000 connected agents that acknowledge each message; bare frames on ` +
    'both sides. The next broadcast begins when one has reached everybody.',
  metrics: [
    { key: 'perSecond', label: 'deliveries', unit: '/s', better: 'more' },
    { key: 'cpuPer100k', label: 'server CPU for 100,000', unit: 's', better: 'less', digits: 2 },
    { key: 'peakMiB', label: 'peak memory', unit: 'MiB', better: 'less' },
  ],
  main: 'perSecond',
  baseline: ({ x }) => `hub-${x}`,
  targets: [
    {
      what: 'broadcast to 1,000 connected agents, deliveries a second: hub by bare relay',
      bound: 'at least',
      limit: 0.9,
      unit: '×',
      digits: 2,
      value: (results) => results.ratio('perSecond', 'hub-1000', 'relay-1000'),
    },
  ],
  curves: [
    { metric: 'perSecond', title: 'Broadcast: deliveries a second', x: 'connected agents', logX: true },
    { metric: 'cpuPer100k', title: 'Broadcast: server CPU for 100,000 deliveries', x: 'connected agents', logX: true },
  ],
  contenders: ({ kind, warmUpMs, measuredMs }) =>
    (kind === 'quick' ? [10] : sizes).flatMap((recipients): Contender[] =>
      peerContenders(
        (workshop, peer, driver) =>
          workshop.with(peer, async ({ pid, address }) => {
            const inFlight = inFlightTo(recipients)
            const { perSecond, cpuSeconds, delivered, peakBytes } = await workshop.load('broadcast', {
              driver,
              address,
              pid,
              recipients,
              inFlight,
              bodyBytes,
              warmUpMs,
              measuredMs,
            })
            return { perSecond, cpuPer100k: (cpuSeconds / delivered) * 100_000, peakMiB: peakBytes / 2 ** 20 }
          }),
        (_peer, driver) => driver === 'frames',
      ).map((contender) => ({
        ...contender,
        id: `${contender.peer}-${recipients}`,
        label: `${contender.label}, to ${recipients.toLocaleString('en')}`,
        x: recipients,
        series: contender.label,
      })),
    ),
}
