import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { connect as connectPlainly, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { settingsWith, startHub } from '../../../hub/index.ts'
import { certificateLookMs } from '../../../hub/net/certificate.ts'
import { limits } from '../../../protocol/index.ts'
import { Authority, replaceCertificate, type CertificatePaths } from '../../support/certificates.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { keptLog } from '../../support/log.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { ManualTimers } from '../../support/timers.ts'
import { makeKey, say, secretOf, WirePeer } from '../../support/wire.ts'

function withTls({ cert, key }: CertificatePaths): { tlsCert: string; tlsKey: string } {
  return { tlsCert: cert, tlsKey: key }
}

function portOf(hub: TestHub): number {
  return Number(new URL(hub.url).port)
}

/** A finished handshake; rejects where there is none. */
async function secured(hub: TestHub, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: portOf(hub), servername: 'localhost', ...options })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

/** A connection of TCP that says nothing. */
async function lurk(hub: TestHub): Promise<Socket> {
  const socket = connectPlainly(portOf(hub), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function startSecureHub(context: TestContext, ...[changes, options]: Parameters<typeof startTestHub>) {
  const authority = Authority.make(context)
  const files = authority.issue('localhost')
  const hub = await startTestHub({ ...withTls(files), ...changes }, options)
  return { hub, authority, files, ca: readFileSync(authority.cert) }
}

test('[S-6] with a certificate the port speaks TLS alone, for WebSockets and for HTTP; the Unix socket stays as it is', async (context) => {
  const { hub, ca } = await startSecureHub(context)
  expect(hub.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/)
  const secret = secretOf(hub.home.folder)
  const rose = new WirePeer(`wss://localhost:${portOf(hub)}`, { ca })
  await rose.hello(secret)
  await rose.request('register', { name: 'rose', key: makeKey() })
  const local = new WirePeer(`ws+unix://${hub.socket}:/`)
  await local.hello(secret)
  await local.request('register', { name: 'barney', key: makeKey() })
  await say(rose, 'barney', 'through TLS')
  expect((await local.notification('message')).content).toBe('through TLS')

  const call = get({ host: 'localhost', port: portOf(hub), path: '/healthz', ca, agent: false })
  const [response] = await once(call, 'response')
  expect(response.statusCode).toBe(200)
  response.resume()

  const plain = new WirePeer(hub.url.replace('wss:', 'ws:'))
  expect((await plain.closed).code).toBe(1006)
  const about = JSON.parse(readFileSync(hub.home.about, 'utf8')) as { url: string }
  expect(about.url).toBe(hub.url)
})

test('[S-6] nothing below TLS 1.2 is spoken', async (context) => {
  const { hub, ca } = await startSecureHub(context)
  // With the ciphers of old, so that it is the version that is refused.
  const old = { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
  await expect(secured(hub, old)).rejects.toThrow(/protocol version|unsupported protocol|no protocols/i)
  expect((await secured(hub, { ca, maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2')
  expect((await secured(hub, { ca })).getProtocol()).toBe('TLSv1.3')
})

test(
  '[S-6] connections that never finish their TLS handshake hold the places of those that authenticate, and no longer than 5 s',
  { timeout: limits.handshakeMs * 4 },
  async (context) => {
    const { log, line } = keptLog()
    const { hub, ca } = await startSecureHub(context, { handshakes: 2 }, { log })
    const [first, second] = [await lurk(hub), await lurk(hub)]
    // The third is cut off at once, and before anything of TLS is done for it.
    const third = await lurk(hub)
    await once(third, 'close')
    await line(/too many are authenticating.*127\.0\.0\.1/)
    // Both places come back by themselves.
    await Promise.all([once(first, 'close'), once(second, 'close')])
    await line(/a TLS handshake failed.*"127\.0\.0\.1"/)
    for (let count = 0; count < 3; count += 1) expect((await secured(hub, { ca })).authorized).toBe(true)
  },
)

test('who breaks off a TLS handshake gives the place back at once', async (context) => {
  const { hub, ca } = await startSecureHub(context, { handshakes: 1 })
  for (let round = 0; round < 3; round += 1) {
    const lurker = await lurk(hub)
    lurker.write('GET / HTTP/1.1\r\n\r\n')
    await once(lurker, 'close')
  }
  expect((await secured(hub, { ca })).authorized).toBe(true)
})

test('a hub that closes waits for no TLS handshake that is not over', async (context) => {
  const { log, lines } = keptLog()
  const { hub } = await startSecureHub(context, {}, { log })
  const lurker = await lurk(hub)
  // Accepted, and in the middle of a handshake, when those that come behind have finished theirs.
  await new WirePeer(hub.url, { rejectUnauthorized: false }).notification('challenge')
  const cut = once(lurker, 'close')
  await hub.close()
  await cut
  expect(lines.filter((line) => line.startsWith('a TLS handshake failed'))).toEqual([])
})

test('a renewed certificate is taken over while connections stay, and half of a renewal changes nothing', async (context) => {
  const timers = new ManualTimers()
  const { log, line } = keptLog()
  // Time that jumps leaves nobody the time to answer a ping.
  const { hub, authority, files, ca } = await startSecureHub(context, { pingEvery: 24 * 3_600_000 }, { timers, log })
  const peer = new WirePeer(`wss://localhost:${portOf(hub)}`, { ca })
  await peer.hello(secretOf(hub.home.folder))
  const serial = async (): Promise<string> => (await secured(hub, { ca })).getPeerCertificate().serialNumber
  const before = await serial()

  const renewed = authority.issue('localhost')
  const key = readFileSync(files.key)
  writeFileSync(files.key, readFileSync(renewed.key))
  timers.advance(certificateLookMs)
  expect(await line(/the certificate before stays in use/)).toContain('does not belong')
  expect(await serial()).toBe(before)
  writeFileSync(files.key, key)

  replaceCertificate(files, renewed)
  timers.advance(certificateLookMs)
  await line(/took a renewed certificate over/)
  expect(await serial()).not.toBe(before)
  await peer.request('status', {})
})

test('a certificate near its end, and a key that others can read, are said in the log', async (context) => {
  const authority = Authority.make(context)
  const files = authority.issue('localhost', { until: 10 })
  chmodSync(files.key, 0o644)
  const { log, line } = keptLog()
  await startTestHub(withTls(files), { log })
  expect(await line(/the certificate ends soon/)).toContain('"validUntil":"20')
  expect(await line(/other users of this machine can read or change the key/)).toContain(files.key)
})

test('files that do not fit are refused in words, and no key is repeated', async (context) => {
  const authority = Authority.make(context)
  const [one, other] = [authority.issue('localhost'), authority.issue('localhost')]
  const refusal = async (changes: { tlsCert?: string; tlsKey?: string }): Promise<string> => {
    const settings = settingsWith({ port: 0, home: temporaryFolder(), ...changes })
    const error: unknown = await startHub({ settings }).then(
      (hub) => hub.close(),
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ name: 'SettingError' })
    return (error as Error).message
  }
  expect(await refusal({ tlsCert: one.cert })).toBe(
    'BELLHOP_TLS_CERT (or its flag) is set and BELLHOP_TLS_KEY is not: TLS needs both. Set BELLHOP_TLS_KEY too, or neither.',
  )
  expect(await refusal({ tlsKey: one.key })).toContain('Set BELLHOP_TLS_CERT too')
  expect(await refusal({ tlsCert: '/nowhere.pem', tlsKey: one.key })).toMatch(
    /^BELLHOP_TLS_CERT cannot be read: ENOENT/,
  )
  expect(await refusal({ tlsCert: one.cert, tlsKey: other.key })).toContain('does not belong to the certificate')
  const nonsense = join(temporaryFolder(), 'key.pem')
  writeFileSync(nonsense, 'a key that is none')
  const message = await refusal({ tlsCert: one.cert, tlsKey: nonsense })
  expect(message).toContain('holds no private key')
  expect(message).not.toContain('a key that is none')
})
