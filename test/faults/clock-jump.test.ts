import { once } from 'node:events'
import { request } from 'node:http'
import type { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { Blob } from '../../protocol/index.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { enter, greet, say, type WirePeer } from '../support/wire.ts'

/** Lives that a day would end many times over, and sweeps that would see to it. */
const shortLives = {
  BELLHOP_UNREAD_DAYS: '0.5',
  BELLHOP_UNREGISTERED_DAYS: '0.5',
  BELLHOP_HISTORY_DAYS: '1',
  BELLHOP_SESSION_HOURS: '2',
  BELLHOP_FORWARD_MINUTES: '60',
  BELLHOP_SWEEP_SECONDS: '0.05',
  BELLHOP_PING_SECONDS: '0.1',
}

/** So many pings take several sweeps. */
const pings = 5

async function live(peer: WirePeer): Promise<void> {
  for (let n = 0; n < pings; n += 1) await once(peer.socket, 'ping')
}

/** What the clock says when it was set: its own line, whatever the hub says beside. */
async function nextMove(output: Readable): Promise<string> {
  for (;;) {
    const [chunk] = (await once(output, 'data')) as [Buffer]
    const move = /the clock is .* ahead/.exec(chunk.toString())?.[0]
    if (move !== undefined) return move
  }
}

test('a clock that is set a day ahead, back, a day behind, and back: nothing ends, and order stays', async () => {
  const { home, env } = homeWithHub(shortLives)
  const hub = await startHubChild(env, { node: ['--import', `${import.meta.dirname}/jumping-clock.ts`] })
  const where = { url: hub.url, home: { folder: home } }
  const { peer: rose, attached } = await enter(where, 'rose')
  const { peer: claude } = await enter(where, 'claude', { window: 0 })
  const { peer: codex } = await enter(where, 'codex')
  const { peer: dora, attached: away } = await enter(where, 'dora')
  await codex.request('rename', { name: 'cody' })
  dora.socket.close()
  const sent = [await say(rose, 'claude', 'waits'), await say(rose, 'dora', 'waits for one who is away')]
  await say(rose, 'gemini', 'waits for nobody yet')
  const seen = await say(rose, 'codex', 'shown')
  await codex.request('ack', { ids: [seen.id], state: 'shown', route: 'wait' })

  // An upload over a slow line, which is not over before the clock jumps.
  const upload = request(`${hub.url.replace('ws', 'http')}/blobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attached.session.token}` },
  })
  const response = once(upload, 'response')
  upload.write('first half, ')

  const moves: string[] = []
  for (let move = 0; move < 4; move += 1) {
    hub.child.kill('SIGUSR2')
    moves.push(await nextMove(hub.child.stdout!))
    await live(rose)
    sent.push(await say(rose, 'claude', `after move ${move}`))
    expect(await say(rose, 'codex', 'by the former name')).toMatchObject({ outlook: { forwardedFrom: 'codex' } })
  }
  expect(moves).toHaveLength(4)
  upload.end('second half')
  const [answer] = await response
  expect(answer.statusCode).toBe(201)
  const blob = (await json(answer)) as Blob
  expect(blob.size).toBe('first half, second half'.length)
  const stored = await fetch(`${hub.url.replace('ws', 'http')}/blobs/${blob.handle}`, {
    headers: { authorization: `Bearer ${attached.session.token}` },
  })
  expect(await stored.text()).toBe('first half, second half')

  const times = sent.map(({ sentAt }) => Date.parse(sentAt))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  const hour = 3_600_000
  for (const time of times) expect(Math.abs(time - Date.now())).toBeLessThan(hour)
  expect(sent.map(({ seq }) => seq)).toEqual(sent.map(({ seq }) => seq).toSorted((a, b) => a - b))

  expect((await claude.request('fetch', {})).messages.map(({ content }) => content)).toEqual(
    expect.arrayContaining(['waits', 'after move 0', 'after move 3']),
  )
  const doraAgain = await greet(where)
  await doraAgain.request('resume', { session: away.session.token })
  expect((await doraAgain.notification('message')).content).toContain('codex is now called cody')
  const { peer: gemini } = await enter(where, 'gemini')
  expect((await gemini.notification('message')).content).toBe('waits for nobody yet')
  const { receipts } = await rose.request('receipts', { id: seen.id })
  expect(receipts[0]?.recipients).toMatchObject([{ state: 'shown' }])
  expect(
    (await rose.request('fetch', {})).messages.filter(
      ({ kind, data }) => kind === 'notice' && data?.['event'] !== 'renamed',
    ),
  ).toEqual([])
  await hub.end('SIGTERM')
  process.stdout.write(`clock: ${moves.join('; ')}: 0 expired, 0 sessions, forwards or uploads lost, times in order\n`)
}, 120_000)
