import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { FlushedStdioTransport, reportWrites } from '../../../agents/mcp/transport.ts'
import { temporaryFolder } from './rig.ts'
import { bareEnvironment } from '../../support/environment.ts'

const main = join(import.meta.dirname, '../../../agents/mcp/main.ts')

interface Response {
  readonly id?: number
  readonly result?: { readonly serverInfo?: { readonly name: string }; readonly isError?: boolean }
  readonly error?: { readonly code: number }
}

/** An address where nothing listens. */
async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `ws://127.0.0.1:${port}`
}

/** The shim as an assistant starts it, where no hub can be reached. */
async function startShim() {
  const child = spawn(process.execPath, [main], {
    env: { ...bareEnvironment, BELLHOP_URL: await closedAddress(), BELLHOP_HOME: await temporaryFolder() },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  let id = 0
  const notify = (message: object): void => {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }
  return {
    child,
    exit,
    stderr: () => stderr,
    lines,
    notify,
    async request(method: string, params: object = {}): Promise<Response> {
      id += 1
      notify({ id, method, params })
      const line = await lines.next()
      return JSON.parse(String(line.value)) as Response
    },
  }
}

const hello = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'test', version: '1' },
}

test('initialize is answered where no hub can be reached', async () => {
  const { request } = await startShim()
  expect((await request('initialize', hello)).result?.serverInfo?.name).toBe('bellhop')
})

test('server/discover is unknown, so that newer clients speak the older revision', async () => {
  const { request } = await startShim()
  expect((await request('server/discover')).error?.code).toBe(-32601)
  expect((await request('initialize', hello)).result?.serverInfo?.name).toBe('bellhop')
})

test('the end of its input ends it with exit code 0, and nothing but MCP was on stdout', async () => {
  const { request, notify, child, exit, lines, stderr } = await startShim()
  await request('initialize', hello)
  notify({ method: 'notifications/initialized' })
  const refused = await request('tools/call', { name: 'send', arguments: { to: 'no name!', content: 'x' } })
  expect(refused.result?.isError).toBe(true)
  child.stdin.end()
  expect(await exit).toEqual([0, null])
  // Every line was a response that `request` took.
  expect((await lines.next()).done).toBe(true)
  expect(stderr()).toBe('')
})

test('it ends also while a call waits for the hub', async () => {
  const { request, notify, child, exit } = await startShim()
  await request('initialize', hello)
  notify({ id: 99, method: 'tools/call', params: { name: 'check', arguments: {} } })
  child.stdin.end()
  expect(await exit).toEqual([0, null])
})

test('what was asked before the end of input is answered', async () => {
  const { child, exit, lines, notify } = await startShim()
  notify({ id: 1, method: 'initialize', params: hello })
  child.stdin.end()
  expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ id: 1 })
  expect(await exit).toEqual([0, null])
})

test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it with exit code 0', async (signal) => {
  const { request, child, exit } = await startShim()
  await request('initialize', hello)
  child.kill(signal)
  expect(await exit).toEqual([0, null])
})

test('a reader that has gone ends it with exit code 0', async () => {
  const { request, notify, child, exit } = await startShim()
  await request('initialize', hello)
  child.stdout.destroy()
  notify({ id: 99, method: 'tools/list' })
  expect(await exit).toEqual([0, null])
})

test('a response is reported when its bytes were taken, or could not be', async () => {
  const taken: (() => void)[] = []
  const writes: string[] = []
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      writes.push(chunk.toString())
      taken.push(() => done(writes.length > 1 ? new Error('EPIPE') : null))
    },
  })
  stdout.on('error', () => undefined)
  const outcomes: unknown[] = []
  const transport = reportWrites(new FlushedStdioTransport(new PassThrough(), stdout), (id, outcome) =>
    outcomes.push([id, outcome]),
  )
  const first = transport.send({ jsonrpc: '2.0', id: 1, result: {} })
  expect(outcomes).toEqual([])
  taken[0]!()
  await first
  expect(outcomes).toEqual([[1, 'written']])
  const second = transport.send({ jsonrpc: '2.0', id: 2, result: {} })
  taken[1]!()
  await expect(second).rejects.toThrow('EPIPE')
  expect(outcomes).toEqual([
    [1, 'written'],
    [2, 'failed'],
  ])
})
