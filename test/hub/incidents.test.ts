import { expect, test } from 'vitest'
import { Incidents } from '../../hub/incidents.ts'
import { ManualClock, startTestHub } from '../support/hub.ts'
import { keptLog } from '../support/log.ts'
import { enter, greet, makeKey, refusal, say, WirePeer } from '../support/wire.ts'

test('[S-9] who knocks without end fills no disk: so many lines of a kind in a minute, and then how many more there were', () => {
  const { log, lines } = keptLog()
  const clock = new ManualClock()
  const incidents = new Incidents(log, clock)
  for (let count = 0; count < 1_000; count += 1) incidents.report('wrong proof', { address: '203.0.113.7' })
  expect(lines).toHaveLength(30)
  incidents.report('refused for its rate', { agent: 1 })
  expect(lines).toHaveLength(31)
  clock.advance(60_000)
  incidents.report('wrong proof', { address: '203.0.113.7' })
  expect(lines.slice(31)).toEqual([
    'more of the same came than were logged {"incident":"wrong proof","unlogged":970}',
    'wrong proof {"address":"203.0.113.7"}',
  ])
})

test('[S-9] what a stranger wrote cannot forge a line, drive a terminal or be long', () => {
  const { log, lines } = keptLog()
  const incidents = new Incidents(log, new ManualClock())
  incidents.report('wrong proof', { client: 'a\u001b[2J\u009b31m\u202e\n{"level":30}', origin: 'x'.repeat(10_000) })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^[\x20-\x7e]{1,300}$/)
  expect(lines[0]).not.toContain('\\u')
})

test('[S-9] what somebody tried is in the log, with who it was', async () => {
  const { log, line } = keptLog()
  const hub = await startTestHub({ sendsPerMinute: 1 }, { log })
  await refusal(new WirePeer(hub.url).hello('not the secret of the hub'))
  await line(/^wrong proof .*"address":"127\.0\.0\.1","client":"test"/)

  await new WirePeer(hub.url, { origin: 'https://evil.example' }).closed
  await line(/^refused a request for its Host or Origin .*"origin":"https:\/\/evil\.example","status":403/)
  await new WirePeer(hub.url, { headers: { host: 'evil.example' } }).closed
  await line(/^refused a request for its Host or Origin .*"host":"evil\.example"/)

  await fetch(`${hub.url.replace('ws:', 'http:')}/blobs/${'A'.repeat(21)}`, {
    headers: { authorization: `Bearer ${'A'.repeat(43)}` },
  })
  expect(await line(/^refused a session over HTTP .*"method":"GET"/)).not.toContain('AAAA')

  const { peer: rose } = await enter(hub, 'rose')
  const key = makeKey()
  await refusal((await greet(hub)).request('register', { name: 'rose', key }))
  expect(await line(/^refused a name to another key .*"name":"rose"/)).not.toContain(key)

  await say(rose, 'barney', 'one')
  expect((await refusal(say(rose, 'barney', 'two'))).reason).toBe('rate_limited')
  await line(/^refused for its rate .*"of":"send"/)
})
