import { once } from 'node:events'
import { createServer } from 'node:net'
import { existsSync, readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { expect, onTestFinished, test, type TestContext } from 'vitest'
import { firstAttempt, type ClientError } from '../../../agents/client/index.ts'
import { tlsProblem } from '../../../agents/client/node/tls-problem.ts'
import { createClient } from '../../../agents/client/index.ts'
import { Authority, type CertificatePaths } from '../../support/certificates.ts'
import { temporaryFolder } from '../../support/teardown.ts'

/** Whatever the certificate is, this server has it; nobody speaks HTTP with it in these tests. */
async function serveWith({ cert, key }: CertificatePaths): Promise<number> {
  const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) })
  server.on('tlsClientError', () => undefined)
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

/** What a client says that cannot connect to this address. */
async function failure(address: string): Promise<ClientError> {
  const home = temporaryFolder()
  const client = createClient({ client: { name: 'test' }, address, home, environment: {}, secret: () => 'any' })
  onTestFinished(() => client.close())
  client.start()
  const error: unknown = await firstAttempt(client, 20_000, 1).then(
    () => 'it connected',
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ reason: 'hub_unreachable', temporary: true })
  // Where an address is set, no hub is started, whatever is wrong there.
  for (const made of ['hub.starting', 'hub.log', 'hub.sock']) expect(existsSync(`${home}/${made}`)).toBe(false)
  return error as ClientError
}

const issued = (context: TestContext) => Authority.make(context)

test('a certificate of an authority that is not trusted: which variable makes it trusted', async (context) => {
  const port = await serveWith(issued(context).issue('localhost'))
  const { message, next } = await failure(`wss://localhost:${port}`)
  expect(message).toBe(
    `The hub at wss://localhost:${port} cannot be reached: its certificate was signed by nobody whom this program trusts.`,
  )
  expect(next).toContain('NODE_EXTRA_CA_CERTS')
})

test('wss:// to a port without TLS', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { message, next } = await failure(`wss://127.0.0.1:${(server.address() as { port: number }).port}`)
  expect(message).toContain('it speaks no TLS on that port')
  expect(next).toContain('ws://')
})

test('ws:// to a port of TLS', async (context) => {
  const port = await serveWith(issued(context).issue('localhost'))
  const { message, next } = await failure(`ws://localhost:${port}`)
  expect(message).toContain('it closed the connection without an answer')
  expect(next).toContain('set BELLHOP_URL to wss:// in place of ws://')
})

test('where more authorities are set, the file that they are in is named', () => {
  const error = Object.assign(new Error('x'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  expect(tlsProblem(error, 'wss:', '/nowhere/ca.pem')?.next).toContain(
    'set to /nowhere/ca.pem: see that this file is there',
  )
  expect(tlsProblem(error, 'wss:', '')?.next).toContain('Set NODE_EXTRA_CA_CERTS to a PEM file')
})

test.each([
  ['CERT_HAS_EXPIRED', /not valid now/, /Renew it/],
  ['CERT_NOT_YET_VALID', /not valid now/, /clocks/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name/, /BELLHOP_URL/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /nobody whom this program trusts/, /signed itself/],
])('%s is explained', (code, problem, next) => {
  const explained = tlsProblem(Object.assign(new Error('x'), { code }), 'wss:', undefined)
  expect(explained?.problem).toMatch(problem)
  expect(explained?.next).toMatch(next)
})

test.each(['ECONNREFUSED', 'toString', ''])('%s is another matter', (code) => {
  expect(tlsProblem(Object.assign(new Error('x'), { code }), 'wss:')).toBeUndefined()
})
