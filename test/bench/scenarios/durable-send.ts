import type { Metric, Scenario, Target } from '../scenario.ts'
import { isPair, peerContenders } from './peer-contenders.ts'

/** Bytes of a body: a sentence or two. */
const bodyBytes = 200
/** Sends under way in all, however many senders share them. */
const inFlight = 512

const metrics: readonly Metric[] = [
  { key: 'perSecond', label: 'sends answered', unit: '/s', better: 'more' },
  { key: 'cpuPer100k', label: 'server CPU for 100,000', unit: 's', better: 'less', digits: 2 },
  { key: 'loadCpuPer100k', label: 'load CPU for 100,000', unit: 's', better: 'neither', digits: 2 },
  { key: 'peakMiB', label: 'peak memory', unit: 'MiB', better: 'less' },
]

function sendScenario(shape: Pick<Scenario, 'id' | 'title' | 'targets'> & { readonly senders: number }): Scenario {
  const { id, title, targets, senders } = shape
  const each = inFlight / senders
  return {
    id,
    title,
    about:
      `Bodies of ${bodyBytes} bytes to one connected recipient that acknowledges each message. ` +
      (senders === 1
        ? `One connection with ${each} sends unanswered. `
        : `${senders} connections with ${each} sends unanswered each. `) +
      'A send counts when it was answered; every message must arrive, or the run fails.',
    metrics,
    main: 'perSecond',
    baseline: 'hub',
    targets,
    contenders: (effort) =>
      peerContenders(
        (workshop, peer, driver) =>
          workshop.with(peer, async ({ pid, address }) => {
            const { warmUpMs, measuredMs } = effort
            const input = { driver, address, pid, senders, inFlight: each, bodyBytes, warmUpMs, measuredMs }
            const measured = await workshop.load('durableSend', input)
            const per100k = (seconds: number): number => (seconds / measured.answered) * 100_000
            return {
              perSecond: measured.perSecond,
              cpuPer100k: per100k(measured.cpuSeconds),
              loadCpuPer100k: per100k(measured.loadCpuSeconds),
              peakMiB: measured.peakBytes / 2 ** 20,
            }
          }),
        // Where it is only to be seen that things work, one scenario shows it of every peer.
        (peer, driver) => senders === 1 || effort.kind === 'full' || isPair(peer, driver),
      ),
  }
}

/** Figures of the hub by those of another, round by round. */
function faster(of: string, than: string, what: string, limit: number): Target {
  return {
    what: `durable send, 512 in flight: ${what}`,
    bound: 'at least',
    limit,
    unit: '×',
    digits: 2,
    value: (results) => results.ratio('perSecond', of, than),
  }
}

export const durableSend: Scenario = sendScenario({
  id: 'durable-send',
  title: 'Durable send, one connection',
  senders: 1,
  targets: [
    faster('hub', 'relay', 'hub by bare relay, both with the client library', 0.85),
    faster('hub-frames', 'relay-frames', 'hub by bare relay, both with bare frames', 0.85),
    faster('hub', 'nats', 'hub by NATS JetStream with file storage, each with its own client', 3),
    faster('hub', 'claude-ipc', 'hub by the older project', 50),
    {
      what: 'server CPU for 100,000 durable messages: hub by bare relay, with bare frames',
      bound: 'at most',
      limit: 2,
      unit: '×',
      digits: 2,
      value: (results) => results.ratio('cpuPer100k', 'hub-frames', 'relay-frames'),
    },
  ],
})

export const durableSend64: Scenario = sendScenario({
  id: 'durable-send-64',
  title: 'Durable send, 64 connections',
  senders: 64,
  targets: [],
})
