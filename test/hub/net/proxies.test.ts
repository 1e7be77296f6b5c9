import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSettings, settingsWith, startHub } from '../../../hub/index.ts'
import { clientAddress, proxyCheck } from '../../../hub/net/peer-address.ts'
import { startTestHub } from '../../support/hub.ts'
import { keptLog } from '../../support/log.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { makeKey, refusal, secretOf, WirePeer } from '../../support/wire.ts'

function addressOf(peer: string | undefined, forwarded: string | undefined, proxies: readonly string[]): string {
  const request = { socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } }
  return clientAddress(request as unknown as IncomingMessage, proxyCheck(proxies))
}

describe('whom limits by address count', () => {
  const proxies = ['10.0.0.2', '10.0.0.3', 'fd00::2']

  test.each([
    // A proxy that is trusted is believed, in what it wrote itself: the last hop.
    ['10.0.0.2', '203.0.113.7', '203.0.113.7'],
    ['::ffff:10.0.0.2', '203.0.113.7', '203.0.113.7'],
    ['fd00:0:0::2', '2001:db8::7', '2001:db8::7'],
    ['10.0.0.2', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.2', '198.51.100.1, 203.0.113.7, 10.0.0.3', '203.0.113.7'],
    // Nobody else is.
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.0.0.4', '198.51.100.1', '10.0.0.4'],
    ['127.0.0.1', '198.51.100.1', '127.0.0.1'],
    [undefined, '198.51.100.1', 'local'],
    // What a proxy does not say, or says in words that are no address, leaves its own.
    ['10.0.0.2', undefined, '10.0.0.2'],
    ['10.0.0.2', '', '10.0.0.2'],
    ['10.0.0.2', 'unknown', '10.0.0.2'],
    ['10.0.0.2', '203.0.113.7, nonsense', '10.0.0.2'],
    ['10.0.0.2', '10.0.0.3', '10.0.0.2'],
    ['10.0.0.2', 'local', '10.0.0.2'],
  ])('peer %s that says %s is %s', (peer, forwarded, expected) => {
    expect(addressOf(peer, forwarded, proxies)).toBe(expected)
  })

  test('whatever a client wrote before its proxy, the address is the one that the proxy saw', () => {
    fc.assert(
      fc.property(fc.string(), (forged) => {
        expect(addressOf('10.0.0.2', `${forged}, 203.0.113.7`, proxies)).toBe('203.0.113.7')
        expect(addressOf('203.0.113.9', forged, proxies)).toBe('203.0.113.9')
      }),
    )
  })
})

/** A peer that its proxy says is somewhere else. */
async function forwarded(hub: Awaited<ReturnType<typeof startTestHub>>, address: string): Promise<WirePeer> {
  const peer = new WirePeer(hub.url, { headers: { 'x-forwarded-for': address } })
  await peer.hello(secretOf(hub.home.folder))
  return peer
}

async function takeName(peer: WirePeer, name: string): Promise<void> {
  await peer.request('register', { name, key: makeKey() })
}

test('[S-7] behind a trusted proxy registrations count for each client, and a wrong proof is logged with its address', async () => {
  const { log, line } = keptLog()
  const hub = await startTestHub({ registrationsPerMinute: 1, trustedProxies: ['127.0.0.1'] }, { log })
  await takeName(await forwarded(hub, '203.0.113.7'), 'rose')
  await takeName(await forwarded(hub, '203.0.113.8'), 'barney')
  const third = await forwarded(hub, '203.0.113.7')
  expect((await refusal(takeName(third, 'claude'))).reason).toBe('rate_limited')
  await line(/refused for its rate.*203\.0\.113\.7/)
  const wrong = new WirePeer(hub.url, { headers: { 'x-forwarded-for': '203.0.113.9' } })
  await refusal(wrong.hello('not the secret of the hub'))
  await line(/wrong proof.*203\.0\.113\.9/)
})

test('[S-7] without a trusted proxy the header changes nothing: a client cannot have more by claiming to be many', async () => {
  const hub = await startTestHub({ registrationsPerMinute: 1, trustedProxies: ['192.0.2.1'] })
  await takeName(await forwarded(hub, '203.0.113.7'), 'rose')
  expect((await refusal(takeName(await forwarded(hub, '203.0.113.8'), 'barney'))).reason).toBe('rate_limited')
})

test('[S-6] one client behind a proxy cannot take all places of those that authenticate', async () => {
  const { log, line } = keptLog()
  const hub = await startTestHub({ handshakes: 4, trustedProxies: ['127.0.0.1'] }, { log })
  const lurker = new WirePeer(hub.url, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  await lurker.notification('challenge')
  const second = new WirePeer(hub.url, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  await second.closed
  await line(/too many are authenticating.*203\.0\.113\.7/)
  const other = await forwarded(hub, '203.0.113.8')
  expect(other.socket.readyState).toBe(other.socket.OPEN)
})

test('a proxy is named by an exact address', async () => {
  expect(readSettings({ BELLHOP_TRUSTED_PROXIES: '10.0.0.2, fd00::2' }).trustedProxies).toEqual(['10.0.0.2', 'fd00::2'])
  for (const value of ['proxy.lan', '10.0.0.0/8', '10.0.0.2,*']) {
    expect(() => readSettings({ BELLHOP_TRUSTED_PROXIES: value })).toThrow(
      'BELLHOP_TRUSTED_PROXIES (--trusted-proxies) must be addresses such as 192.0.2.7, separated by commas.',
    )
  }
  const hub = await startHub({
    settings: settingsWith({ port: 0, home: temporaryFolder(), trustedProxies: ['fd00::2'] }),
  })
  await hub.close()
})
