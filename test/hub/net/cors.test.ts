import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { enter } from '../../support/wire.ts'

const page = 'http://127.0.0.1:9871'
const handle = 'x'.repeat(21)

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the hub answers to these lines, written to a bare socket. */
async function ask(hub: TestHub, lines: readonly string[]): Promise<Answer> {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write([...lines, 'Host: 127.0.0.1', 'Connection: close', '', ''].join('\r\n'))
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  const [first = '', ...rest] = head.split('\r\n')
  const headers = Object.fromEntries(
    rest.map((line) => [line.split(':')[0]!.toLowerCase(), line.replace(/^[^:]+: ?/, '')]),
  )
  return { status: Number(first.split(' ')[1]), headers, body }
}

function cors({ headers }: Answer): string[] {
  return Object.keys(headers).filter((name) => name.startsWith('access-control-'))
}

test.each([
  ['POST', '/blobs'],
  ['GET', `/blobs/${handle}`],
])('a page of an allowed origin may %s %s with a session, and is told so before it asks', async (method, path) => {
  const hub = await startTestHub({ allowedOrigins: [page] })
  const answer = await ask(hub, [
    `OPTIONS ${path} HTTP/1.1`,
    `Origin: ${page}`,
    `Access-Control-Request-Method: ${method}`,
    'Access-Control-Request-Headers: authorization,content-type,x-bellhop-file-name',
  ])
  expect(answer).toMatchObject({
    status: 204,
    body: '',
    headers: {
      'access-control-allow-origin': page,
      'access-control-allow-methods': expect.stringContaining(method),
      'access-control-allow-headers': expect.stringMatching(/authorization.*content-type.*x-bellhop-file-name/),
      vary: 'origin',
    },
  })
  // Cookies and other credentials of the browser are no part of this.
  expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
})

test.each(['http://127.0.0.1:9872', 'https://127.0.0.1:9871', 'null', `${page}.evil.example`])(
  'origin %s is told nothing, neither before it asks nor after',
  async (origin) => {
    const hub = await startTestHub({ allowedOrigins: [page] })
    const { attached } = await enter(hub, 'rose')
    const preflight = ['OPTIONS /blobs HTTP/1.1', `Origin: ${origin}`, 'Access-Control-Request-Method: POST']
    const session = `Authorization: Bearer ${attached.session.token}`
    const upload = ['POST /blobs HTTP/1.1', `Origin: ${origin}`, session, 'Content-Length: 0']
    for (const lines of [preflight, upload]) {
      const answer = await ask(hub, lines)
      expect(answer.status).toBe(403)
      expect(cors(answer)).toEqual([])
    }
  },
)

test('what a program without an origin asks is answered as before', async () => {
  const hub = await startTestHub({ allowedOrigins: [page] })
  const options = await ask(hub, ['OPTIONS /blobs HTTP/1.1', 'Access-Control-Request-Method: POST'])
  expect(options.status).toBe(404)
  expect(cors(options)).toEqual([])
  const health = await ask(hub, ['GET /healthz HTTP/1.1'])
  expect([health.status, cors(health)]).toEqual([200, []])
})

test('an allowed origin is no session: a page without one is refused, and may read why', async () => {
  const hub = await startTestHub({ allowedOrigins: [page] })
  for (const line of [`GET /blobs/${handle} HTTP/1.1`, 'POST /blobs HTTP/1.1']) {
    const answer = await ask(hub, [line, `Origin: ${page}`, 'Content-Length: 0'])
    expect(answer.status).toBe(401)
    expect(answer.headers['access-control-allow-origin']).toBe(page)
    expect(answer.body).toContain('session_invalid')
  }
})

test('[P-41] [P-42] with a session, a page of an allowed origin stores a blob and reads it', async () => {
  const hub = await startTestHub({ allowedOrigins: [page] })
  const { attached } = await enter(hub, 'rose')
  const request = { headers: { origin: page, authorization: `Bearer ${attached.session.token}` } }
  const blobs = `${hub.url.replace('ws:', 'http:')}/blobs`
  const stored = await fetch(blobs, { ...request, method: 'POST', body: 'from a page' })
  expect(stored.status).toBe(201)
  const { handle } = (await stored.json()) as { handle: string }
  const read = await fetch(`${blobs}/${handle}`, request)
  expect(await read.text()).toBe('from a page')
  for (const answer of [stored, read]) expect(answer.headers.get('access-control-allow-origin')).toBe(page)
})
