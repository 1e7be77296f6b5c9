import { expect, test } from 'vitest'
import { softwareVersion } from '../../protocol/index.ts'
import type { Log } from '../../hub/index.ts'
import { startTestHub } from '../support/hub.ts'
import { enter, makeKey, refusal, say, secretOf, WirePeer } from '../support/wire.ts'

test('/healthz answers without a session, and tells nothing but health', async () => {
  const hub = await startTestHub()
  const response = await fetch(`${hub.url.replace('ws:', 'http:')}/healthz`)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: 'ok', version: softwareVersion })
})

test('status tells of the hub, and of the agent that asks', async () => {
  const hub = await startTestHub()
  const { peer } = await enter(hub, 'rose')
  await enter(hub, 'claude')
  const { hub: about, agent } = await peer.request('status', {})
  expect(about).toMatchObject({
    version: softwareVersion,
    epoch: hub.epoch,
    connections: 2,
    agents: 2,
    online: 2,
    writable: true,
  })
  expect(agent).toMatchObject({ name: 'rose', waiting: 0, topics: ['#all'] })
})

test('[S-9] the log holds no body, no secret, no key and no token', async () => {
  const lines: string[] = []
  const keep = (facts: object, event: string): void => void lines.push(`${event} ${JSON.stringify(facts)}`)
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep }
  const hub = await startTestHub({}, { log })
  const secret = secretOf(hub.home.folder)
  const { peer: rose, attached, key } = await enter(hub, 'rose')
  const { peer: claude, key: otherKey } = await enter(hub, 'claude')
  const body = 'a body that no log may hold'
  const { id } = await say(claude, 'rose', body, { data: { body } })
  await say(claude, 'rose', body.repeat(1_000))
  await rose.request('ack', { ids: [id], state: 'shown', route: 'fetch' })
  await refusal(rose.request('register', { name: 'claude', key: makeKey() }))
  await refusal(new WirePeer(hub.url).hello('a wrong secret, of some length'))
  await rose.request('rename', { name: 'rosa' })
  await rose.request('release', {})
  await hub.sweep()
  await hub.close()
  const text = lines.join('\n')
  expect(lines.length).toBeGreaterThan(4)
  for (const hidden of [body, secret, key, otherKey, attached.session.token, 'a wrong secret']) {
    expect(text).not.toContain(hidden)
  }
})
