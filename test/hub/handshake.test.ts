import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { closeCodes, limits, proofText } from '../../protocol/index.ts'
import { closed } from '../support/closed.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { enter, greet, refusal, say, secretOf, WirePeer } from '../support/wire.ts'
import { ManualTimers } from '../support/timers.ts'

/** Somebody else is served meanwhile: two agents exchange a message. */
async function servesOthers(hub: TestHub): Promise<void> {
  const { peer: rose, attached } = await enter(hub, `rose-${Math.random().toString(36).slice(2, 8)}`)
  const { peer: claude } = await enter(hub, `claude-${Math.random().toString(36).slice(2, 8)}`)
  await say(claude, attached.name, 'still here')
  expect((await rose.notification('message')).content).toBe('still here')
}

/** The status of an upgrade that was refused. */
function upgradeStatus(hub: TestHub, headers: Record<string, string | undefined>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'bellhop.v1',
    }
    const all = Object.entries({ ...upgrade, ...headers }).filter(([, value]) => value !== undefined)
    const sent = request(hub.url.replace('ws:', 'http:'), { headers: Object.fromEntries(all), setHost: false })
    sent.on('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Writes bytes on a bare socket and reads until the hub closes. */
async function raw(hub: TestHub, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString()))
  socket.end(bytes)
  await closed(socket)
  return text
}

test('[P-2] the hub speaks first, and [P-3] both sides prove that they know the secret', async () => {
  const hub = await startTestHub()
  const peer = new WirePeer(hub.url)
  const secret = secretOf(hub.home.folder)
  const { result, hubNonce, nonce } = await peer.hello(secret)
  expect(result.proof).toBe(
    createHmac('sha256', secret)
      .update(proofText('hub', hubNonce, nonce))
      .digest('hex'),
  )
  await servesOthers(hub)
})

test('[P-1] [S-1] the Unix-domain socket serves the same, and only its owner can open it', async () => {
  const hub = await startTestHub()
  const peer = new WirePeer(`ws+unix://${hub.socket}:/`)
  await peer.hello(secretOf(hub.home.folder))
  expect(statSync(hub.socket ?? '').mode & 0o777).toBe(0o600)
  expect(statSync(hub.home.folder).mode & 0o777).toBe(0o700)
  expect(statSync(hub.home.secretFile).mode & 0o777).toBe(0o600)
})

test('[S-2] a wrong secret is refused, and is not told to come back', async () => {
  const hub = await startTestHub()
  const peer = new WirePeer(hub.url)
  const error = await refusal(peer.hello('not the secret of the hub'))
  expect(error.reason).toBe('authentication_failed')
  expect(error.data?.next).toContain('BELLHOP_SECRET')
  expect(await peer.closed).toEqual({ code: closeCodes.authentication_failed.code, reason: 'authentication_failed' })
  await servesOthers(hub)
})

test('[S-2] the file in the home holds the secret in force, also one that was set', async () => {
  const hub = await startTestHub({ secret: 'set here' })
  expect(secretOf(hub.home.folder)).toBe('set here')
  expect(statSync(hub.home.secretFile).mode & 0o777).toBe(0o600)
  await greet(hub)
  await hub.close()
  const again = await startTestHub({ home: hub.home.folder })
  expect(secretOf(again.home.folder)).toBe('set here')
})

test("[S-2] the hub's own proof cannot be sent back as a client's", async () => {
  const hub = await startTestHub()
  const secret = secretOf(hub.home.folder)
  const peer = new WirePeer(hub.url)
  const { nonce: hubNonce } = await peer.notification('challenge')
  const nonce = 'A'.repeat(24)
  const proof = createHmac('sha256', secret)
    .update(proofText('hub', hubNonce, nonce))
    .digest('hex')
  const error = await refusal(peer.request('hello', { client: { name: 'x', version: '0' }, nonce, proof }))
  expect(error.reason).toBe('authentication_failed')
})

test('[S-2] a proof made for one connection is worth nothing on another', async () => {
  const hub = await startTestHub()
  const secret = secretOf(hub.home.folder)
  const first = new WirePeer(hub.url)
  const { nonce: hubNonce } = await first.notification('challenge')
  const nonce = 'A'.repeat(24)
  const proof = createHmac('sha256', secret)
    .update(proofText('client', hubNonce, nonce))
    .digest('hex')
  const second = new WirePeer(hub.url)
  await second.notification('challenge')
  const error = await refusal(second.request('hello', { client: { name: 'x', version: '0' }, nonce, proof }))
  expect(error.reason).toBe('authentication_failed')
})

test.each([
  ['not JSON', 'hello?', 'bad_frame'],
  ['JSON that is no request', '[1,2,3]', 'bad_frame'],
  ['a method that is not hello', '{"jsonrpc":"2.0","id":1,"method":"list"}', 'hello_expected'],
  ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"shutdown"}', 'bad_frame'],
  ['hello without its parameters', '{"jsonrpc":"2.0","id":1,"method":"hello"}', 'bad_frame'],
  ['more than 4 KiB', `{"pad":"${'x'.repeat(limits.handshakeBytes)}"}`, 'handshake_too_large'],
  ['a frame over the limit of all frames', 'x'.repeat(limits.frameBytes + 1), 'handshake_too_large'],
] as const)('[P-2] first frame: %s', async (_what, frame, reason) => {
  const hub = await startTestHub()
  const peer = new WirePeer(hub.url)
  await peer.notification('challenge')
  peer.socket.send(frame)
  expect(await peer.closed).toEqual({ code: closeCodes[reason].code, reason })
  await servesOthers(hub)
})

test('a first frame that is binary is refused', async () => {
  const hub = await startTestHub()
  const peer = new WirePeer(hub.url)
  await peer.notification('challenge')
  peer.socket.send(Buffer.from([0, 1, 2]))
  expect((await peer.closed).reason).toBe('bad_frame')
  await servesOthers(hub)
})

test('[S-6] many small frames before hello are counted together', async () => {
  const hub = await startTestHub()
  const peer = new WirePeer(hub.url)
  await peer.notification('challenge')
  // Fragments of one message: no frame is ever complete, and still the bytes count.
  for (let i = 0; i < 60; i += 1) peer.socket.send('x'.repeat(100), { fin: false })
  expect((await peer.closed).code).toBe(closeCodes.handshake_too_large.code)
})

test('[S-6] who says nothing for five seconds is disconnected, and may come back', async () => {
  const timers = new ManualTimers()
  const hub = await startTestHub({}, { timers })
  const peer = new WirePeer(hub.url)
  await peer.notification('challenge')
  timers.advance(limits.handshakeMs)
  expect(await peer.closed).toEqual({ code: closeCodes.handshake_timeout.code, reason: 'handshake_timeout' })
})

test('[S-1] a hub that nobody told otherwise listens on 127.0.0.1 alone', async () => {
  const hub = await startTestHub()
  expect(new URL(hub.url).hostname).toBe('127.0.0.1')
  // Every address of this network is this machine's, so it would answer here if it listened on all.
  const elsewhere = connect(Number(new URL(hub.url).port), '127.0.0.2')
  const [error] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException]
  expect(error.code).toMatch(/^(?:ECONNREFUSED|EADDRNOTAVAIL|ETIMEDOUT)$/)
})

test('[S-6] compression is never agreed to', async () => {
  const hub = await startTestHub()
  const peer = new WirePeer(hub.url, { perMessageDeflate: true })
  await peer.hello(secretOf(hub.home.folder))
  expect(peer.socket.extensions).toBe('')
})

test('[S-6] a message in a few fragments is taken, one in crumbs ends its connection', async () => {
  const hub = await startTestHub()
  const peer = await greet(hub)
  const request = '{"jsonrpc":"2.0","id":77,"method":"status"}'
  for (const [index, piece] of [request.slice(0, 9), request.slice(9)].entries()) {
    peer.socket.send(piece, { fin: index === 1 })
  }
  await peer.frame((frame) => frame.kind === 'result' && frame.id === 77)
  for (let count = 0; count < 200; count += 1) peer.socket.send(' ', { fin: false })
  expect((await peer.closed).code).toBe(1008)
  await servesOthers(hub)
})

test('[P-1] another subprotocol is refused before the upgrade', async () => {
  const hub = await startTestHub()
  expect(await upgradeStatus(hub, { host: 'localhost', 'sec-websocket-protocol': 'mqtt' })).toBe(400)
  expect(await upgradeStatus(hub, { host: 'localhost', 'sec-websocket-protocol': undefined })).toBe(400)
  await servesOthers(hub)
})

test('[P-1] [S-6] Host and Origin are checked before the upgrade, malformed ones too', async () => {
  const hub = await startTestHub({ allowedHosts: ['hub.example'], allowedOrigins: ['https://console.example'] })
  const attempts = [
    [{ host: 'localhost' }, 101],
    [{ host: 'hub.example:443', origin: 'https://console.example' }, 101],
    [{ host: 'evil.example' }, 403],
    [{ host: 'localhost', origin: 'https://evil.example' }, 403],
    [{ host: '[::1', origin: '%%%' }, 400],
    [{ host: '' }, 400],
    [{}, 400],
  ] as const
  for (const [headers, status] of attempts) expect(await upgradeStatus(hub, headers)).toBe(status)
  await servesOthers(hub)
})

test('[S-6] headers over 4 KiB, and what is no HTTP at all, end alone', async () => {
  const hub = await startTestHub()
  expect(await raw(hub, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(8_000)}\r\n\r\n`)).toContain(' 431 ')
  expect(await raw(hub, '\u0000\u0001\u0002 nonsense \r\n\r\n')).toContain(' 400 ')
  await servesOthers(hub)
})

test('[S-6] connections that do not authenticate leave room for those that do: over the limit they get 503', async () => {
  const hub = await startTestHub({ handshakes: 2 })
  const lurkers = [new WirePeer(hub.url), new WirePeer(hub.url)]
  await Promise.all(lurkers.map(({ socket }) => once(socket, 'message')))
  expect(await upgradeStatus(hub, { host: 'localhost' })).toBe(503)
  await Promise.all(lurkers.map((lurker) => lurker.hello(secretOf(hub.home.folder))))
  await servesOthers(hub)
})

test('[P-6] with as many connections as it may have, the hub says when to come back', async () => {
  const hub = await startTestHub({ connections: 1 })
  const { peer: rose } = await enter(hub, 'rose')
  const late = new WirePeer(hub.url)
  expect(await late.notification('closing')).toMatchObject({
    reason: 'overloaded',
    reconnectAfterMs: expect.any(Number),
  })
  expect((await late.closed).code).toBe(closeCodes.overloaded.code)
  await rose.request('status', {})
})

test('[S-4] the sender is who the session says: a forged one is ignored', async () => {
  const hub = await startTestHub()
  const { peer: mallory } = await enter(hub, 'mallory')
  const { peer: rose } = await enter(hub, 'rose')
  const forged = {
    clientId: 'f1',
    to: 'rose',
    content: 'it is me',
    from: 'claude',
    from_id: 'claude',
    sender: 'claude',
  }
  await mallory.request('send', forged)
  expect((await rose.notification('message')).from).toBe('mallory')
})

test('[S-1] [S-2] an open hub lets everybody in on loopback, and refuses to be open elsewhere', async () => {
  const hub = await startTestHub({ open: true })
  const peer = new WirePeer(hub.url)
  expect((await peer.notification('challenge')).auth).toBe('open')
  await peer.request('hello', { client: { name: 'x', version: '0' }, nonce: 'A'.repeat(24) })
  await peer.request('status', {})
  await expect(startTestHub({ open: true, host: '0.0.0.0' })).rejects.toThrow('BELLHOP_OPEN is for loopback only')
  await expect(startTestHub({ host: '0.0.0.0' })).rejects.toThrow('set BELLHOP_SECRET')
  await expect(startTestHub({ host: '0.0.0.0', secret: 'too short' })).rejects.toThrow('16 characters or more')
})

test('after hello, nonsense is answered with an error and the connection goes on', async () => {
  const hub = await startTestHub()
  const peer = await greet(hub)
  peer.socket.send('{')
  expect(await peer.frame(({ kind }) => kind === 'error')).toMatchObject({ id: null, error: { code: -32700 } })
  peer.socket.send(Buffer.from('{}'))
  expect(await peer.frame(({ kind }) => kind === 'error')).toMatchObject({ id: null, error: { code: -32700 } })
  const error = await refusal(peer.request('hello', { client: { name: 'x', version: '0' }, nonce: 'A'.repeat(24) }))
  expect(error.reason).toBe('invalid_request')
  expect((await refusal(peer.request('fetch', {}))).reason).toBe('not_registered')
  await peer.request('status', {})
  peer.socket.send('x'.repeat(limits.frameBytes + 1))
  expect((await peer.closed).code).toBe(1009)
  await servesOthers(hub)
})
