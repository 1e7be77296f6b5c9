import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAdmin } from '../../../agents/admin/admin.ts'
import { readSettings } from '../../../agents/client/index.ts'
import { metricRows, type Settings } from '../../../hub/index.ts'
import { ManualClock, startTestHub, type TestHub } from '../../support/hub.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { enter, greet, refusal, say, WirePeer } from '../../support/wire.ts'
import { samplesOf, scrape } from './scrape.ts'

const day = 86_400_000

interface Stage {
  readonly hub: TestHub
  readonly clock: ManualClock
}

interface Event {
  readonly what: string
  readonly settings?: Partial<Settings>
  readonly happens: (stage: Stage) => Promise<unknown>
  /** By how much samples differ afterwards; `some`: they are larger. */
  readonly moves: Readonly<Record<string, number | 'some'>>
}

const events: Event[] = [
  {
    what: 'a message to somebody who reads it and answers',
    async happens({ hub }) {
      const [{ peer: rose }, { peer: claude }] = [await enter(hub, 'rose'), await enter(hub, 'claude')]
      const { id } = await say(rose, 'claude', 'hello')
      await claude.notification('message')
      await claude.request('ack', { ids: [id], state: 'offered', route: 'wake' })
      await claude.request('ack', { ids: [id], state: 'shown', route: 'fetch' })
      const { id: reply } = await say(claude, 'rose', 'hello yourself', { replyTo: id })
      await rose.notification('message')
      await rose.request('ack', { ids: [reply], state: 'shown', route: 'fetch' })
    },
    moves: {
      'bellhop_messages_total{kind="direct"}': 2,
      'bellhop_messages_total{kind="topic"}': 0,
      bellhop_pushes_total: 2,
      bellhop_push_latency_seconds_count: 2,
      bellhop_push_latency_seconds_sum: 'some',
      'bellhop_receipts_total{state="offered"}': 1,
      'bellhop_receipts_total{state="shown"}': 2,
      'bellhop_receipts_total{state="answered"}': 1,
      bellhop_commit_seconds_count: 'some',
      bellhop_commit_seconds_sum: 'some',
      bellhop_commit_operations_count: 'some',
      bellhop_commit_operations_sum: 'some',
      'bellhop_agents{state="registered"}': 2,
      'bellhop_agents{state="online"}': 2,
      bellhop_connections: 2,
      bellhop_handshakes: 0,
      'bellhop_waiting_messages{place="mailbox"}': 0,
      bellhop_oldest_waiting_seconds: 0,
    },
  },
  {
    what: 'a broadcast and a letter that nobody reads for a day',
    async happens({ hub, clock }) {
      const [{ peer: rose }] = [await enter(hub, 'rose'), await enter(hub, 'claude'), await enter(hub, 'gemini')]
      await say(rose, '#all', 'hello')
      await say(rose, 'nobody', 'hello')
      clock.advance(day)
    },
    moves: {
      'bellhop_messages_total{kind="topic"}': 1,
      'bellhop_messages_total{kind="direct"}': 1,
      bellhop_pushes_total: 2,
      'bellhop_waiting_messages{place="mailbox"}': 1,
      'bellhop_waiting_messages{place="topic"}': 2,
      bellhop_oldest_waiting_seconds: day / 1000,
    },
  },
  {
    what: 'mail that expires, and mail that bounces, of which the hub tells',
    async happens({ hub, clock }) {
      const [{ peer: rose }, { peer: claude }] = [await enter(hub, 'rose'), await enter(hub, 'claude')]
      await say(rose, 'nobody', 'in vain', { ttlSeconds: 60 })
      await say(rose, 'claude', 'in vain too')
      await claude.request('release', {})
      clock.advance(61_000)
      await hub.sweep()
    },
    moves: {
      'bellhop_receipts_total{state="expired"}': 1,
      'bellhop_receipts_total{state="bounced"}': 1,
      'bellhop_messages_total{kind="notice"}': 2,
      'bellhop_sweeps_total{result="done"}': 'some',
      'bellhop_sweeps_total{result="failed"}': 0,
    },
  },
  {
    what: 'a send that is repeated',
    async happens({ hub }) {
      const { peer: rose } = await enter(hub, 'rose')
      const clientId = randomUUID()
      await say(rose, 'claude', 'once', { clientId })
      await say(rose, 'claude', 'once', { clientId })
    },
    moves: { 'bellhop_messages_total{kind="direct"}': 1, 'bellhop_messages_total{kind="duplicate"}': 1 },
  },
  {
    what: 'a large body',
    async happens({ hub }) {
      const { peer: rose } = await enter(hub, 'rose')
      await say(rose, 'claude', 'x'.repeat(20_000))
    },
    moves: { bellhop_blobs: 1, bellhop_blob_bytes: 20_000, 'bellhop_database_bytes{file="wal"}': 'some' },
  },
  {
    what: 'requests that are refused',
    settings: { sendsPerMinute: 2, mailboxDepth: 1 },
    async happens({ hub }) {
      const { peer: rose } = await enter(hub, 'rose')
      await refusal(say(rose, 'bellhop', 'to nobody'))
      await say(rose, 'claude', 'first')
      expect((await refusal(say(rose, 'claude', 'second'))).reason).toBe('mailbox_full')
      expect((await refusal(say(rose, 'claude', 'third'))).reason).toBe('rate_limited')
      const upload = await fetch(`${hub.url.replace('ws:', 'http:')}/blobs`, { method: 'POST', body: 'x' })
      expect(upload.status).toBe(401)
    },
    moves: {
      'bellhop_refusals_total{reason="name_reserved"}': 1,
      'bellhop_refusals_total{reason="mailbox_full"}': 1,
      'bellhop_refusals_total{reason="rate_limited"}': 1,
      'bellhop_refusals_total{reason="session_invalid"}': 1,
      'bellhop_refusals_total{reason="internal"}': 0,
    },
  },
  {
    what: 'a wrong secret, and a session that is taken over',
    async happens({ hub }) {
      const stranger = new WirePeer(hub.url)
      await refusal(stranger.hello('not the secret of this hub'))
      await stranger.closed
      const { peer: rose, key } = await enter(hub, 'rose')
      await enter(hub, 'rose', { key, takeOver: true })
      await rose.closed
    },
    moves: {
      'bellhop_refusals_total{reason="authentication_failed"}': 1,
      'bellhop_closes_total{reason="authentication_failed"}': 1,
      'bellhop_closes_total{reason="taken_over"}': 1,
      'bellhop_closes_total{reason="slow"}': 0,
      bellhop_connections: 1,
    },
  },
  {
    what: 'somebody who connects and says nothing',
    async happens({ hub }) {
      await new WirePeer(hub.url).notification('challenge')
      await greet(hub)
    },
    moves: { bellhop_connections: 2, bellhop_handshakes: 1 },
  },
  {
    what: 'requests that the door refuses',
    async happens({ hub }) {
      expect((await scrape({ url: hub.url }, { headers: { host: 'rebound.example' } })).status).toBe(403)
      expect((await scrape({ url: hub.url }, { headers: { host: 'no host at all' } })).status).toBe(400)
    },
    moves: {
      'bellhop_rejected_requests_total{status="403"}': 1,
      'bellhop_rejected_requests_total{status="400"}': 1,
      'bellhop_rejected_requests_total{status="503"}': 0,
    },
  },
  {
    what: 'more handshakes than there may be',
    settings: { handshakes: 1 },
    async happens({ hub }) {
      await new WirePeer(hub.url).notification('challenge')
      const second = new WirePeer(hub.url)
      await new Promise((resolve) => second.socket.once('error', resolve))
    },
    moves: { 'bellhop_rejected_requests_total{status="503"}': 1 },
  },
  {
    what: 'a backup, and one that cannot be made',
    async happens({ hub }) {
      const admin = openAdmin(readSettings({ BELLHOP_HOME: hub.home.folder }))
      const folder = join(temporaryFolder(), 'backup')
      await admin.backUp(folder, () => undefined)
      const taken = join(temporaryFolder(), 'taken')
      mkdirSync(taken)
      await expect(admin.backUp(taken, () => undefined)).rejects.toThrow('there already')
    },
    moves: { 'bellhop_backups_total{result="done"}': 1, 'bellhop_backups_total{result="failed"}': 1 },
  },
]

/** Any number above 0. */
const more: unknown = expect.toSatisfy((by: number) => by > 0)

const proven = new Set<string>()

test.each(events)('$what', async ({ settings, happens, moves }) => {
  const clock = new ManualClock()
  const hub = await startTestHub(settings, { clock })
  const before = await samplesOf(hub)
  await happens({ hub, clock })
  const after = await samplesOf(hub)
  const moved = Object.keys(moves).map((key) => [key, after.get(key)! - before.get(key)!] as const)
  const wanted = Object.entries(moves).map(([key, by]) => [key, by === 'some' ? more : by] as const)
  expect(moved).toEqual(wanted)
  for (const [key, by] of Object.entries(moves)) if (by !== 0) proven.add(key)
})

test('every metric of the table was seen to move, but those that other tests move', () => {
  const elsewhere = ['bellhop_info', 'bellhop_writable', 'bellhop_queued_operations', 'bellhop_disk_free_bytes']
  const names = metricRows.map(({ name }) => name).filter((name) => !elsewhere.includes(name))
  const moved = (name: string) => [...proven].some((key) => key.replace(/\{.*|_(?:count|sum)$/g, '') === name)
  expect(names.filter((name) => !moved(name))).toEqual([])
})
