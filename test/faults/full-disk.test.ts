import { once } from 'node:events'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import type { MessageId } from '../../protocol/index.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { freePort } from '../support/ports.ts'
import { skipWhere } from '../support/skipping.ts'
import { enter, greet, refusal, Refused, say, type WirePeer } from '../support/wire.ts'

/** How a program gets a disk of its own, of a few megabytes, that goes with it. */
const withDisk = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c']
const mount = (folder: string): string => `mount -t tmpfs -o size=8m none '${folder}'`

/** Takes all the space that is left. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w')
  try {
    for (const size of [65_536, 4_096, 1]) {
      try {
        for (;;) writeSync(descriptor, Buffer.alloc(size))
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' })
      }
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The process of the hub that the shell has started last. */
function hubUnder(shell: number): number {
  return Number(readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim())
}

/** Sends until the disk takes no more; answers what was accepted. */
async function sendUntilRefused(peer: WirePeer, prefix: string): Promise<MessageId[]> {
  const accepted: MessageId[] = []
  for (;;) {
    try {
      accepted.push((await say(peer, 'claude', `${prefix} ${accepted.length}${' '.repeat(3_000)}`)).id)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      expect(error.error.data).toMatchObject({ reason: 'storage_unavailable', temporary: true })
      return accepted
    }
  }
}

async function unread(peer: WirePeer): Promise<MessageId[]> {
  const ids: MessageId[] = []
  let after = 0
  for (;;) {
    const page = await peer.request('fetch', { after, limit: 100 })
    ids.push(...page.messages.map(({ id }) => id))
    if (!page.more) return ids
    after = page.messages.at(-1)!.seq
  }
}

test('a disk that is really full: sends are refused, reading goes on, over a kill too, and space brings it back', async (context: TestContext) => {
  const { home, env } = homeWithHub({ BELLHOP_SWEEP_SECONDS: '0.1', BELLHOP_MAILBOX_DEPTH: '100000' })
  const possible = spawnSync(withDisk[0]!, [...withDisk.slice(1), mount(home)])
  if (possible.status !== 0) skipWhere('a disk cannot be mounted here, not even for one program', context)
  const port = await freePort()
  // The second hub follows the first, as a shim would start it, on the same disk.
  const hub = await startHubChild(
    { ...env, BELLHOP_PORT: String(port) },
    { under: [...withDisk, `${mount(home)} && "$@"; "$@"; "$@"`, 'sh'] },
  )
  onTestFinished(() => {
    const last = hubUnder(hub.pid)
    // The shell first, which would start another one.
    process.kill(hub.pid, 'SIGKILL')
    process.kill(last, 'SIGKILL')
  })
  const inside = join('/proc', String(hub.pid), 'root', home)
  const where = { url: hub.url, home: { folder: inside } }
  const http = hub.url.replace('ws', 'http')
  const { peer: rose, attached: ofRose } = await enter(where, 'rose')
  const { peer: claude, attached: ofClaude } = await enter(where, 'claude', { window: 0 })
  // The log holds what the database has no room for yet, when it is full.
  const many = Array.from({ length: 100 }, (_, n) => say(rose, 'claude', `before ${n}${' '.repeat(3_000)}`))
  const kept = (await Promise.all(many)).map(({ id }) => id)
  const health = async (): Promise<number> => (await fetch(`${http}/healthz`)).status

  fill(join(inside, 'filler'))
  kept.push(...(await sendUntilRefused(rose, 'first')))
  expect(await unread(claude)).toEqual(kept)
  expect(await refusal(say(rose, 'claude', 'large '.repeat(3_000)))).toMatchObject({ reason: 'storage_unavailable' })
  const upload = await fetch(`${http}/blobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ofRose.session.token}` },
    body: 'x'.repeat(100_000),
  })
  expect([upload.status, await health()]).toEqual([507, 503])

  // Space comes back, and with it everything, without a restart.
  rmSync(join(inside, 'filler'))
  kept.push((await say(rose, 'claude', 'again')).id)
  expect(await unread(claude)).toEqual(kept)

  // Killed and ended on a full disk: each time the next hub has everything, serves readers, and recovers.
  let peers = { rose, claude }
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    fill(join(inside, 'filler'))
    kept.push(...(await sendUntilRefused(peers.rose, signal)))
    const listening = once(hub.child.stdout!, 'data')
    const failed = once(hub.child, 'exit').then(() => {
      throw new Error(`no hub could start after ${signal}`)
    })
    process.kill(hubUnder(hub.pid), signal)
    await Promise.race([listening, failed])
    peers = { rose: await greet(where), claude: await greet(where) }
    await peers.rose.request('resume', { session: ofRose.session.token })
    await peers.claude.request('resume', { session: ofClaude.session.token, window: 0 })
    expect(await unread(peers.claude)).toEqual(kept)
    kept.push(...(await sendUntilRefused(peers.rose, `after ${signal}`)))
    rmSync(join(inside, 'filler'))
    kept.push((await say(peers.rose, 'claude', 'space again')).id)
    expect(await unread(peers.claude)).toEqual(kept)
  }
  const settled = await peers.claude.request('ack', { ids: kept.slice(0, 100), state: 'shown', route: 'fetch' })
  expect(settled.settled).toBe(100)
  process.stdout.write(
    `full disk: filled three times, ${kept.length} acknowledged in all, 0 lost; read while full, over a kill and an end too\n`,
  )
}, 120_000)
