import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { encodeFailure, type Blob } from '../../../protocol/index.ts'
import type { FakeHub } from './fake-hub.ts'
import { comeBack, failureOf, reached, retry, startClient, startHub } from './harness.ts'

interface Arrived {
  readonly request: IncomingMessage
  readonly bytes: Buffer
  readonly respond: (status: number, body: string | Buffer) => void
}

/** A hub with a blob store, and a client that is registered there. */
async function withBlobs(
  handle: (arrived: Arrived) => void,
): Promise<ReturnType<typeof startClient> & { hub: FakeHub }> {
  const http = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () =>
      handle({
        request,
        bytes: Buffer.concat(chunks),
        respond: (status, body) => response.writeHead(status).end(body),
      }),
    )
  }
  const hub = await startHub({ http })
  const started = startClient({ address: hub.address })
  await started.client.register({ name: 'rose' })
  return { ...started, hub }
}

function blobOf(bytes: Buffer, mediaType = 'text/plain'): Blob {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { handle: 'abcdefghijklmnopqrstu', size: bytes.byteLength, sha256, mediaType }
}

const store = ({ bytes, respond, request }: Arrived): void =>
  respond(201, JSON.stringify(blobOf(bytes, request.headers['content-type'])))

test('a body over the inline limit is uploaded first, and the message carries its handle', async () => {
  const uploads: Arrived[] = []
  const { client, hub } = await withBlobs((arrived) => {
    uploads.push(arrived)
    store(arrived)
  })
  const body = 'é'.repeat(600)
  await client.send({ to: 'iris', content: body, thread: 'garden' })
  expect(uploads).toHaveLength(1)
  expect(uploads[0]?.bytes.toString()).toBe(body)
  expect(uploads[0]?.request).toMatchObject({ method: 'POST', url: '/blobs' })
  expect(uploads[0]?.request.headers).toMatchObject({
    authorization: 'Bearer token-1',
    'content-type': 'text/markdown; charset=utf-8',
    'content-length': '1200',
  })
  expect(hub.all('send')).toMatchObject([{ to: 'iris', content: '', blob: 'abcdefghijklmnopqrstu', thread: 'garden' }])
})

test('[P-22] what follows a large body to the same recipient waits for it; other mail does not', async () => {
  const uploads: Arrived[] = []
  const arrived = Promise.withResolvers<void>()
  const { client, hub } = await withBlobs((upload) => {
    uploads.push(upload)
    arrived.resolve()
  })
  const large = client.send({ to: 'iris', content: 'x'.repeat(2_000) })
  const small = [client.send({ to: 'Iris', content: 'after' }), client.send({ to: 'fred', content: 'aside' })]
  await arrived.promise
  await small[1]
  expect(hub.all('send').map(({ to }) => to)).toEqual(['fred'])
  store(uploads[0]!)
  await Promise.all([large, ...small])
  expect(hub.all('send').map(({ to, content }) => [to, content])).toEqual([
    ['fred', 'aside'],
    ['iris', ''],
    ['Iris', 'after'],
  ])
})

test('[P-22] what was sent before a large body is repeated before it, though a break came between', async () => {
  const arrived = Promise.withResolvers<Arrived>()
  const { client, clock, hub } = await withBlobs(arrived.resolve)
  const answer = hub.rules.send
  delete hub.rules.send
  const sends = [
    client.send({ to: 'iris', content: 'before' }),
    client.send({ to: 'iris', content: 'x'.repeat(2_000) }),
  ]
  await hub.next('send')
  const upload = await arrived.promise
  if (answer) hub.rules.send = answer
  await comeBack(client, clock, hub)
  store(upload)
  await Promise.all(sends)
  expect(hub.all('send').map(({ content, blob }) => (blob ? 'large' : content))).toEqual(['before', 'before', 'large'])
})

test('a body of exactly the inline limit travels in the message', async () => {
  const { client, hub } = await withBlobs(store)
  await client.send({ to: 'iris', content: 'x'.repeat(1_024) })
  expect(hub.all('send')[0]).not.toHaveProperty('blob')
})

test('an upload that was lost with the connection is repeated, once, before the send', async () => {
  let uploads = 0
  const { client, clock, hub } = await withBlobs((arrived) => {
    uploads += 1
    if (uploads > 1) return store(arrived)
    arrived.request.socket.destroy()
    hub.line.cut()
  })
  const sending = client.send({ to: 'iris', content: 'x'.repeat(2_000) })
  await retry(client, clock)
  await reached(client, 'registered')
  clock.advance(500)
  await sending
  expect(uploads).toBe(2)
  expect(hub.all('send')).toHaveLength(1)
})

test('a send after a cut does not upload its body again', async () => {
  let uploads = 0
  const { client, clock, hub } = await withBlobs((arrived) => {
    uploads += 1
    store(arrived)
  })
  const answer = hub.rules.send
  hub.rules.send = ({ line }) => line.cut()
  const sending = client.send({ to: 'iris', content: 'x'.repeat(2_000) })
  await hub.next('send')
  if (answer) hub.rules.send = answer
  await retry(client, clock)
  await sending
  expect(uploads).toBe(1)
  const [first, second] = hub.all('send')
  expect(second).toEqual(first)
})

test('a refused upload rejects the send with what the hub said', async () => {
  const { client, hub } = await withBlobs(({ respond }) => {
    const { error } = JSON.parse(encodeFailure(null, { reason: 'storage_unavailable' })) as { error: object }
    respond(507, JSON.stringify({ error }))
  })
  const error = await failureOf(client.send({ to: 'iris', content: 'x'.repeat(2_000) }))
  expect(error).toMatchObject({ reason: 'storage_unavailable', temporary: true })
  expect(hub.all('send')).toEqual([])
})

test('a file keeps its name, percent-encoded', async () => {
  let name: unknown
  const { client } = await withBlobs((arrived) => {
    name = arrived.request.headers['x-bellhop-file-name']
    store(arrived)
  })
  await client.upload(Buffer.from('bytes'), { mediaType: 'text/plain', fileName: 'grün & "x".txt' })
  expect(decodeURIComponent(String(name))).toBe('grün & "x".txt')
  expect(name).not.toBe('grün & "x".txt')
})

test('a download gives the bytes that were announced', async () => {
  const bytes = Buffer.from('the whole body')
  const { client } = await withBlobs(({ request, respond }) =>
    respond(request.url === '/blobs/abcdefghijklmnopqrstu' ? 200 : 404, bytes),
  )
  expect(Buffer.from(await client.download(blobOf(bytes)))).toEqual(bytes)
})

test.each([
  ['other bytes', Buffer.from('THE WHOLE BODY')],
  ['fewer bytes', Buffer.from('the whole')],
])('a download of %s is refused', async (_, wrong) => {
  const { client } = await withBlobs(({ respond }) => respond(200, wrong))
  const error = await failureOf(client.download(blobOf(Buffer.from('the whole body'))))
  expect(error.message).toContain('damaged')
  expect(error.temporary).toBe(true)
})

test('a download that never ends is cut off', async () => {
  const { client } = await withBlobs(({ respond }) => respond(200, Buffer.alloc(5_000_000)))
  expect((await failureOf(client.download(blobOf(Buffer.from('small'))))).reason).toBe('protocol_mismatch')
})

test('a transfer that hangs ends at its deadline', async () => {
  const arrived = Promise.withResolvers<void>()
  const { client, clock } = await withBlobs(() => arrived.resolve())
  const uploading = failureOf(client.upload(Buffer.from('x'), { mediaType: 'text/plain' }, { timeoutMs: 900 }))
  await arrived.promise
  clock.advance(900)
  expect((await uploading).reason).toBe('hub_unreachable')
})

test('blobs belong to a name', async () => {
  const hub = await startHub()
  const { client } = startClient({ address: hub.address })
  expect((await failureOf(client.upload(Buffer.from('x'), { mediaType: 'text/plain' }))).reason).toBe('not_registered')
})
