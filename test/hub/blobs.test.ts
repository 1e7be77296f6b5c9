import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errors, limits, type Blob } from '../../protocol/index.ts'
import { silentLog } from '../../hub/index.ts'
import { ManualClock, startTestHub, type TestHub } from '../support/hub.ts'
import { enter, refusal, say } from '../support/wire.ts'

interface Refusal {
  readonly error: { readonly code: number; readonly message: string; readonly data: Record<string, unknown> }
}

/** Somebody with a name, as the HTTP side sees it. */
async function person(hub: TestHub, name: string) {
  const { peer, attached } = await enter(hub, name)
  const authorization = `Bearer ${attached.session.token}`
  const http = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${hub.url.replace('ws:', 'http:')}${path}`, {
      ...init,
      headers: { authorization, ...(init.headers as Record<string, string>) },
    })
  return {
    peer,
    http,
    upload: (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> =>
      http('/blobs', { method: 'POST', body, headers: { 'content-type': 'text/plain', ...headers } }),
  }
}

async function stored(answer: Response): Promise<Blob> {
  expect(answer.status).toBe(201)
  return (await answer.json()) as Blob
}

async function refused(answer: Response, status: number, reason: keyof typeof errors): Promise<Refusal['error']> {
  expect(answer.status).toBe(status)
  const { error } = (await answer.json()) as Refusal
  // [P-43]: the same object as on the wire.
  expect(error).toMatchObject({ code: errors[reason].code, data: { reason, temporary: errors[reason].temporary } })
  expect(error.message).toMatch(/\S/)
  expect(error.data['next']).toMatch(/\S/)
  return error
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

test('[P-40] a content over the inline limit becomes a blob with a summary; one at the limit does not', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await person(hub, 'rose')
  const claude = await person(hub, 'claude')
  const body = `First sentence. Second sentence. Third one. ${'é'.repeat(limits.inlineBytes)}`
  await say(rose, 'claude', 'x'.repeat(limits.inlineBytes))
  await say(rose, 'claude', body)
  const inline = await claude.peer.notification('message')
  expect(inline.blob).toBeUndefined()
  expect(inline.content).toHaveLength(limits.inlineBytes)
  const large = await claude.peer.notification('message')
  expect(large.content).toContain('First sentence. Second sentence.')
  expect(large.content).not.toContain('Third one')
  expect(large.blob).toMatchObject({ size: Buffer.byteLength(body), sha256: sha256(body) })
  expect(await (await claude.http(`/blobs/${large.blob!.handle}`)).text()).toBe(body)
})

test('[P-40] an uploaded text is summarised; a file keeps what its sender wrote', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  const claude = await person(hub, 'claude')
  const text = `It begins here. It goes on. ${'x'.repeat(20_000)}`
  const { handle } = await stored(await rose.upload(text))
  await rose.peer.request('send', { clientId: 'text', to: 'claude', blob: handle })
  const summarised = await claude.peer.notification('message')
  expect(summarised.content).toContain('It begins here.')
  expect(summarised.blob).toMatchObject({ handle, size: text.length })

  const file = await stored(await rose.upload('bytes', { 'x-bellhop-file-name': encodeURIComponent('résumé 1.txt') }))
  await rose.peer.request('send', { clientId: 'file', to: 'claude', content: 'My file.', blob: file.handle })
  expect(await claude.peer.notification('message')).toMatchObject({
    content: 'My file.',
    blob: { handle: file.handle, fileName: 'résumé 1.txt', size: 5 },
  })
})

test('[P-41] an upload is answered with 201 and the blob', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  const bytes = randomBytes(100_000)
  const blob = await stored(
    await rose.upload(bytes, { 'content-type': 'image/png', 'x-bellhop-file-name': 'a%20b.png' }),
  )
  expect(blob).toEqual({
    handle: expect.stringMatching(/^[A-Za-z0-9_-]{21}$/),
    size: 100_000,
    sha256: sha256(bytes),
    mediaType: 'image/png',
    fileName: 'a b.png',
  })
  expect(await stored(await rose.upload(''))).toMatchObject({ size: 0, sha256: sha256('') })
})

test.each([
  ['with a path', '%2Fetc%2Fpasswd'],
  ['with a control character', 'a%00b'],
  ['that is not percent-encoded UTF-8', '%E0%A4%A'],
  ['that is too long', 'x'.repeat(limits.fileNameLength + 1)],
])('[P-41] a file name %s is refused', async (_why, name) => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  await refused(await rose.upload('x', { 'x-bellhop-file-name': name }), 400, 'invalid_params')
  expect(readdirSync(hub.home.blobs)).toEqual([])
})

test('[P-41] without a session, or with a wrong or former one, nothing is stored or shown', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  const { handle } = await stored(await rose.upload('mine'))
  for (const authorization of ['', 'Bearer', `Bearer ${'x'.repeat(43)}`, 'Basic cm9zZTpyb3Nl']) {
    await refused(await rose.upload('x', { authorization }), 401, 'session_invalid')
    await refused(await rose.http(`/blobs/${handle}`, { headers: { authorization } }), 401, 'session_invalid')
  }
  await rose.peer.request('release', {})
  await refused(await rose.upload('x'), 401, 'session_invalid')
  expect(readdirSync(hub.home.blobs)).toEqual([handle])
})

test('[P-41] the largest blob is taken, a larger one refused, whether it says so or not', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  const { size } = await stored(await rose.upload(new Uint8Array(limits.blobBytes)))
  expect(size).toBe(limits.blobBytes)
  const before = readdirSync(hub.home.blobs)
  const tooMuch = new Uint8Array(limits.blobBytes + 1)
  await refused(await rose.upload(tooMuch), 413, 'too_large')

  // A stream does not say how long it is.
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(tooMuch)
      controller.close()
    },
  })
  const streamed = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
  await refused(await rose.http('/blobs', streamed), 413, 'too_large')
  expect(readdirSync(hub.home.blobs)).toEqual(before)
})

test('[P-41] an upload that is broken off leaves nothing behind, and is no fault of the hub', async () => {
  const complaints: string[] = []
  const log = { ...silentLog, error: (_facts: object, event: string) => void complaints.push(event) }
  const hub = await startTestHub({}, { log })
  const { attached } = await enter(hub, 'rose')
  const headers = { authorization: `Bearer ${attached.session.token}`, 'content-length': 1_000 }
  const upload = request(hub.url.replace('ws:', 'http:') + '/blobs', { method: 'POST', headers })
  upload.on('error', () => undefined)
  const gone = new Promise((resolve) => upload.once('close', resolve))
  upload.write('the beginning')
  const folder = join(hub.home.folder, 'blobs')
  const answers = (): Promise<Response> => fetch(hub.url.replace('ws:', 'http:') + '/healthz')
  while (readdirSync(folder).length === 0) await answers()
  upload.destroy()
  await gone
  while (readdirSync(folder).length > 0) await answers()
  expect((await answers()).status).toBe(200)
  expect(complaints).toEqual([])
})

test('[P-41] a blob that no message names is gone after 24 hours, one that is named stays', async () => {
  const clock = new ManualClock()
  const hub = await startTestHub({}, { clock })
  const rose = await person(hub, 'rose')
  const [orphan, named] = [await stored(await rose.upload('orphan')), await stored(await rose.upload('named'))]
  await rose.peer.request('send', { clientId: 'named', to: 'claude', blob: named.handle })
  clock.advance(24 * 3_600_000 - 1)
  await hub.sweep()
  expect((await rose.http(`/blobs/${orphan.handle}`)).status).toBe(200)
  clock.advance(2)
  await hub.sweep()
  await refused(await rose.http(`/blobs/${orphan.handle}`), 404, 'blob_unknown')
  expect(existsSync(join(hub.home.blobs, orphan.handle))).toBe(false)
  expect(await (await rose.http(`/blobs/${named.handle}`)).text()).toBe('named')
  const late = rose.peer.request('send', { clientId: 'late', to: 'claude', blob: orphan.handle })
  expect((await refusal(late)).reason).toBe('blob_unknown')
})

test('[P-41] files that the ledger does not know are swept when they are old', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  const { handle } = await stored(await rose.upload('known'))
  const strays = ['a'.repeat(21), `${'b'.repeat(21)}.part`].map((name) => join(hub.home.blobs, name))
  const fresh = join(hub.home.blobs, `${'c'.repeat(21)}.part`)
  for (const path of [...strays, fresh]) writeFileSync(path, 'left by a crash')
  const twoDaysAgo = Date.now() / 1_000 - 2 * 86_400
  for (const path of [...strays, join(hub.home.blobs, handle)]) utimesSync(path, twoDaysAgo, twoDaysAgo)
  await hub.sweep()
  expect(strays.map(existsSync)).toEqual([false, false])
  expect(existsSync(fresh)).toBe(true)
  expect(await (await rose.http(`/blobs/${handle}`)).text()).toBe('known')
})

test('[P-42] sender and recipients get the bytes, to anybody else the blob does not exist', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  const claude = await person(hub, 'claude')
  const eve = await person(hub, 'eve')
  const { handle } = await stored(await rose.upload('for claude', { 'content-type': 'text/html' }))
  // Before a message names it, it is its sender's alone.
  await refused(await claude.http(`/blobs/${handle}`), 404, 'blob_unknown')
  await rose.peer.request('send', { clientId: 'one', to: 'claude', blob: handle })
  for (const reader of [rose, claude]) {
    const answer = await reader.http(`/blobs/${handle}`)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('for claude')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-length': '10',
      etag: `"${sha256('for claude')}"`,
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    })
  }
  const strangers = await refused(await eve.http(`/blobs/${handle}`), 404, 'blob_unknown')
  const nothing = await refused(await eve.http(`/blobs/${'x'.repeat(21)}`), 404, 'blob_unknown')
  expect(strangers).toEqual(nothing)
  // Nor may a stranger pass it on to itself.
  const stolen = eve.peer.request('send', { clientId: 'one', to: 'eve', blob: handle })
  expect((await refusal(stolen)).reason).toBe('blob_unknown')
})

test('[P-42] one range of the bytes', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  const { handle } = await stored(await rose.upload('0123456789'))
  const part = (range: string): Promise<Response> => rose.http(`/blobs/${handle}`, { headers: { range } })
  for (const [range, bytes, place] of [
    ['bytes=0-3', '0123', '0-3'],
    ['bytes=8-', '89', '8-9'],
    ['bytes=-2', '89', '8-9'],
    ['bytes=5-1000', '56789', '5-9'],
  ] as const) {
    const answer = await part(range)
    expect(answer.status).toBe(206)
    expect(await answer.text()).toBe(bytes)
    expect(answer.headers.get('content-range')).toBe(`bytes ${place}/10`)
    expect(answer.headers.get('content-length')).toBe(`${bytes.length}`)
  }
  const beyond = await part('bytes=10-12')
  expect(beyond.status).toBe(416)
  expect(beyond.headers.get('content-range')).toBe('bytes */10')
  const head = await rose.http(`/blobs/${handle}`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
})

test('[P-43] what is not there is answered with the error object of the wire', async () => {
  const hub = await startTestHub()
  const rose = await person(hub, 'rose')
  for (const [path, method] of [
    ['/blobs', 'GET'],
    ['/blobs/..%2Fsecret', 'GET'],
    ['/blobs/short', 'GET'],
    [`/blobs/${'x'.repeat(21)}`, 'DELETE'],
    ['/nothing', 'POST'],
  ] as const) {
    await refused(await rose.http(path, { method }), 404, 'method_not_found')
  }
  // HTTP's own address that needs no session.
  const health = await rose.http('/healthz', { headers: { authorization: '' } })
  expect([health.status, await health.json()]).toMatchObject([200, { status: 'ok' }])
})
