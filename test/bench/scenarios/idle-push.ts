import type { Scenario } from '../scenario.ts'
import { isPair, peerContenders } from './peer-contenders.ts'

const perSecond = 200
const bodyBytes = 200

export const idlePush: Scenario = {
  id: 'idle-push',
  title: 'Idle push latency',
  about:
    `${perSecond} sends a second of ${bodyBytes} bytes, whatever comes back (open loop), each timed from the moment for which it ` +
    "was planned to the recipient's callback. Just before, on the same disk: one append of 4 KiB with fdatasync, at the same pace, the median of 50.",
  metrics: [
    { key: 'p50', label: 'p50', unit: 'ms', better: 'less', digits: 2 },
    { key: 'p99', label: 'p99', unit: 'ms', better: 'less', digits: 2 },
    { key: 'sync', label: 'one fdatasync', unit: 'ms', better: 'neither', digits: 2 },
  ],
  main: 'p50',
  baseline: 'hub',
  targets: [
    {
      what: "idle push: the hub's p50 less the bare relay's, in fdatasyncs of the same run",
      bound: 'at most',
      limit: 1.5,
      unit: '',
      digits: 2,
      value: (results) =>
        results.paired(['hub', 'relay'], (hub, relay) => (hub['p50']! - relay['p50']!) / hub['sync']!),
    },
    {
      what: 'idle push, p99: hub by bare relay',
      bound: 'at most',
      limit: 3,
      unit: '×',
      digits: 2,
      value: (results) => results.ratio('p99', 'hub', 'relay'),
    },
  ],
  contenders: ({ kind, warmUpMs, measuredMs }) =>
    peerContenders(
      (workshop, peer, driver) =>
        workshop.with(peer, async ({ address }) => {
          const { folder } = workshop
          const sample = await workshop.load('idlePush', {
            driver,
            address,
            perSecond,
            bodyBytes,
            warmUpMs,
            measuredMs,
            folder,
          })
          return { ...sample }
        }),
      // There is no push in the older project's wire.
      (peer, driver) => (kind === 'full' ? peer.id !== 'claude-ipc' : isPair(peer, driver)),
    ),
}
