import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { temporaryFolder } from '../../support/teardown.ts'
import { startHubChild, type HubChild } from '../../support/hub-child.ts'
import { enter, say, type WirePeer } from '../../support/wire.ts'

/** Bytes of the bodies that the last reader gets: near the most that a message holds inline. */
const largeBytes = 10_000
/** How many of those for each message that somebody else gets. */
const largeShare = 2
/** Messages under way at a time, each with the large ones that go with it. */
const underWay = 8

/** What one hub and its readers came to. */
export interface Measured {
  /** Milliseconds from each send to its arrival at one of the others, ascending. */
  readonly latencies: readonly number[]
  /** The hub's resident memory at its highest, in bytes. */
  readonly peakBytes: number
  /** Reasons for which the hub closed connections, in its own words. */
  readonly closed: readonly string[]
  /** What waits for the last reader when it comes back, of all that was sent to it. */
  readonly waiting: number
  readonly sentToLast: number
}

/**
 * A hub with so many readers, all of whom get mail. The last one gets large messages for every one that
 * the others get; where it is stalled, it reads nothing of it.
 */
export async function measureCrowd(readers: number, rounds: number, stalled: boolean): Promise<Measured> {
  const home = temporaryFolder()
  const hub = await startHubChild({
    BELLHOP_HOME: home,
    BELLHOP_PORT: '0',
    BELLHOP_LOG: 'debug',
    BELLHOP_MAILBOX_DEPTH: '100000',
    BELLHOP_SENDS_PER_MINUTE: '100000000',
    BELLHOP_REGISTRATIONS_PER_MINUTE: '100000',
  })
  const log = readLog(hub)
  // A Unix-domain socket takes far less in the system's own buffers than a TCP connection.
  const where = { url: `ws+unix://${join(home, 'hub.sock')}:/`, home: { folder: home } }
  const names = Array.from({ length: readers }, (_, index) => `reader-${index}`)
  const last = names.at(-1)!
  const entered = await Promise.all(names.map((name) => enter(where, name, { window: 1_024 })))
  const { peer: lastPeer, key } = entered.at(-1)!
  if (stalled) lastPeer.socket.pause()

  const latencies: number[] = []
  const sentAt = new Map<string, number>()
  const others = entered.slice(0, -1).map(({ peer }) => peer)
  const share = rounds / others.length
  const reading = others.map((peer) =>
    readAndAcknowledge(peer, share, (content) => latencies.push(performance.now() - sentAt.get(content)!)),
  )
  if (!stalled) reading.push(readAndAcknowledge(lastPeer, rounds * largeShare, () => undefined))

  const { peer: sender } = await enter(where, 'sender')
  const large = 'x'.repeat(largeBytes)
  let next = 0
  const send = async (): Promise<void> => {
    while (next < rounds) {
      const round = next++
      sentAt.set(`${round}`, performance.now())
      const toLast = Array.from({ length: largeShare }, () => say(sender, last, large))
      await Promise.all([say(sender, names[round % others.length]!, `${round}`), ...toLast])
    }
  }
  await Promise.all(Array.from({ length: underWay }, send))
  await Promise.all(reading)

  const peakBytes = peakMemory(hub.pid)
  // What had reached its system before the end is still there to be read; then it is over.
  lastPeer.socket.resume()
  if (stalled) await lastPeer.closed
  const waiting = stalled ? (await enter(where, last, { key, window: 0 })).attached.waiting : 0
  await hub.end('SIGTERM')
  return {
    latencies: latencies.toSorted((a, b) => a - b),
    peakBytes,
    closed: log.flatMap((line) => (line.msg === 'closing a connection' ? [line.reason!] : [])),
    waiting,
    sentToLast: rounds * largeShare,
  }
}

/** Acknowledges what comes without waiting for the disk each time, as a client does; resolves with the last answer. */
async function readAndAcknowledge(peer: WirePeer, count: number, arrived: (content: string) => void): Promise<void> {
  const answers: Promise<unknown>[] = []
  for (let read = 0; read < count; read += 1) {
    const { id, content } = await peer.notification('message')
    arrived(content)
    answers.push(peer.request('ack', { ids: [id], state: 'shown', route: 'fetch' }))
  }
  await Promise.all(answers)
}

interface LogLine {
  readonly msg: string
  readonly reason?: string
}

/** The hub's log, as it grows. */
function readLog({ child }: HubChild): readonly LogLine[] {
  const lines: LogLine[] = []
  createInterface(child.stderr!).on('line', (line) => lines.push(JSON.parse(line) as LogLine))
  return lines
}

function peakMemory(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}
