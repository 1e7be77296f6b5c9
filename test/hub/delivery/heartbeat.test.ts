import { expect, test } from 'vitest'
import { Heartbeat } from '../../../hub/delivery/heartbeat.ts'
import { ManualTimers } from '../../support/timers.ts'

function heartbeatUnderTest() {
  const timers = new ManualTimers()
  const events: string[] = []
  const peer = { ping: () => void events.push('ping'), unresponsive: () => void events.push('dead') }
  return { timers, events, heartbeat: new Heartbeat(peer, 25_000, 8_000, timers) }
}

test('[P-8] a ping at each interval while the peer answers', () => {
  const { timers, events, heartbeat } = heartbeatUnderTest()
  for (let i = 0; i < 3; i += 1) {
    timers.advance(25_000)
    heartbeat.beat()
  }
  expect(events).toEqual(['ping', 'ping', 'ping'])
})

test('[P-8] a ping that is not answered ends it, once', () => {
  const { timers, events } = heartbeatUnderTest()
  timers.advance(32_999)
  expect(events).toEqual(['ping'])
  timers.advance(100_000)
  expect(events).toEqual(['ping', 'dead'])
  expect(timers.waiting).toBe(0)
})

test('a hub that was stopped hears the answers that came meanwhile before it gives a peer up', () => {
  const { timers, events, heartbeat } = heartbeatUnderTest()
  timers.advance(25_000)
  timers.stopFor(3_600_000)
  expect(events).toEqual(['ping'])
  heartbeat.beat()
  timers.advance(25_000)
  expect(events).toEqual(['ping', 'ping'])
  timers.stopFor(3_600_000)
  timers.advance(3_999)
  expect(events).toEqual(['ping', 'ping'])
  timers.advance(1)
  expect(events).toEqual(['ping', 'ping', 'dead'])
})

test('[P-11] a probe asks at once', async () => {
  const { timers, events, heartbeat } = heartbeatUnderTest()
  const alive = heartbeat.probe()
  expect(events).toEqual(['ping'])
  heartbeat.beat()
  expect(await alive).toBe(true)
  const dead = Promise.all([heartbeat.probe(), heartbeat.probe()])
  timers.advance(8_000)
  expect(await dead).toEqual([false, false])
  expect(await heartbeat.probe()).toBe(false)
})

test('a stopped heartbeat leaves no timer', () => {
  const { timers, heartbeat } = heartbeatUnderTest()
  heartbeat.stop()
  heartbeat.beat()
  expect(timers.waiting).toBe(0)
})
