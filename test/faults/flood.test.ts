import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { closed } from '../support/closed.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { enter, makeKey, say, secretOf, WirePeer } from '../support/wire.ts'
import { long } from './setting.ts'

const each = long ? 1_000 : 150

const upgrade = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: bellhop.v1',
]

/** What each kind of attacker writes when it is connected. */
const attacks = {
  'nothing at all': '',
  'half a header': upgrade.slice(0, 3).join('\r\n'),
  'an upgrade, and no hello': `${upgrade.join('\r\n')}\r\n\r\n`,
  'no HTTP': '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
} as const

interface Attacker {
  readonly socket: Socket
  readonly closed: Promise<unknown>
}

function attack(port: number, bytes: string): Attacker {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
  socket.resume()
  onTestFinished(() => void socket.destroy())
  return { socket, closed: closed(socket) }
}

/** Headers that never end, a byte of each whenever the hub is seen to be alive. */
function drip(attackers: readonly Attacker[], peer: WirePeer): void {
  let sent = 0
  const text = `${upgrade.join('\r\n')}\r\nX-Slow: `
  peer.socket.on('pong', () => {
    for (const { socket } of attackers) if (!socket.destroyed) socket.write(text[sent] ?? 'x')
    sent += 1
  })
}

/** Resident bytes of a process. */
function memory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024
}

async function send(peer: WirePeer, count: number): Promise<number> {
  const took: number[] = []
  for (let n = 0; n < count; n += 1) {
    const began = performance.now()
    await say(peer, 'claude', `${n}`)
    took.push(performance.now() - began)
  }
  return took.toSorted((a, b) => a - b)[Math.floor(count / 2)]!
}

test.runIf(process.platform === 'linux')(
  'a flood of connections that never say hello: members go on, newcomers get in, and the hub is rid of them by itself',
  async () => {
    const { home, env } = homeWithHub({ BELLHOP_HANDSHAKES: '32', BELLHOP_CONNECTIONS: '400' })
    const hub = await startHubChild(env)
    const where = { url: hub.url, home: { folder: home } }
    const port = Number(new URL(hub.url).port)
    const { peer: rose } = await enter(where, 'rose')
    await enter(where, 'claude', { window: 0 })
    await send(rose, 20)
    const calm = await send(rose, 40)
    const memoryBefore = memory(hub.pid)

    const attackers = Object.values(attacks).flatMap((bytes) => Array.from({ length: each }, () => attack(port, bytes)))
    const slow = Array.from({ length: each }, () => attack(port, ''))
    drip(slow, rose)
    attackers.push(...slow)
    const flooded = await send(rose, 40)
    for (let n = 0; n < 20; n += 1) await rose.settle()
    const memoryDuring = memory(hub.pid)

    // The same user gets in by the socket at once: strangers on the port do not take its place.
    const local = new WirePeer(`ws+unix://${join(home, 'hub.sock')}:/`)
    await local.hello(secretOf(home))
    await local.request('register', { name: 'local', key: makeKey() })

    // One over the port gets in when the first of them have been sent away.
    let attempts = 0
    let newcomer: WirePeer | undefined
    while (!newcomer) {
      attempts += 1
      const peer = new WirePeer(hub.url)
      const refused = peer.closed.then(() => undefined)
      newcomer = await Promise.race([peer.hello(secretOf(home)).then(() => peer), refused])
      const open = attackers.filter(({ socket }) => !socket.destroyed)
      if (!newcomer && open.length > 0) await Promise.race(open.map(({ closed }) => closed))
    }
    await newcomer.request('register', { name: 'newcomer', key: makeKey() })
    await say(newcomer, 'rose', 'I am in')
    expect((await rose.notification('message')).content).toBe('I am in')

    const pinging = setInterval(() => rose.socket.ping(), 100)
    await Promise.all(attackers.map(({ closed }) => closed))
    clearInterval(pinging)
    expect((await rose.request('fetch', {})).messages).toHaveLength(1)
    await hub.end('SIGTERM')
    expect(hub.child.exitCode).toBe(0)
    process.stdout.write(
      `flood: ${attackers.length} connections of ${Object.keys(attacks).length + 1} kinds, all sent away by the hub; a send took ` +
        `${(flooded / calm).toFixed(1)} times as long meanwhile, memory grew to ${(memoryDuring / memoryBefore).toFixed(2)} times, ` +
        `a newcomer was in at attempt ${attempts}\n`,
    )
    expect(memoryDuring / memoryBefore).toBeLessThan(1.5)
  },
  60_000,
)
