import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeEndpoint, isLocal } from '../../../agents/client/endpoint.ts'
import { clientSettings, readSettings } from '../../../agents/client/index.ts'
import { hubFolder, locate } from '../../../agents/client/node/address.ts'
import { webSocketUrl } from '../../../agents/client/node/dial.ts'
import { readSecret } from '../../../agents/client/node/secret.ts'
import { temporaryHome } from './harness.ts'

const home = '/home/rose/.bellhop'
const port = 9870

test('BELLHOP_URL says where the hub is', () => {
  expect(socketUrl('ws://hub.lan:1234')).toBe('ws://hub.lan:1234/')
  expect(socketUrl('wss://hub.example.com/bellhop')).toBe('wss://hub.example.com/bellhop')
  expect(socketUrl('unix:/run/hub.sock')).toBe('ws+unix:///run/hub.sock:/')
  expect(socketUrl('unix:///run/hub.sock')).toBe('ws+unix:///run/hub.sock:/')
})

test.each(['http://hub.lan', 'hub.lan:9870', 'unix:relative', '::'])('%s is no address', (url) => {
  expect(() => locate({ url, home, port })).toThrow(/not the address of a hub/)
})

test("without it: the home's socket, also while no hub listens there, looked at each time", async () => {
  const folder = temporaryHome()
  const place = { url: undefined, home: folder, port: 4321 }
  const socket = { kind: 'unix', path: join(folder, 'hub.sock') }
  expect(locate(place)).toEqual(socket)
  // A hub without a socket says in its home where it is.
  writeFileSync(join(folder, 'hub.json'), '{"url":"ws://127.0.0.1:5432"}')
  expect(webSocketUrl(locate(place))).toBe('ws://127.0.0.1:5432/')
  writeFileSync(join(folder, 'hub.json'), '{"url":')
  expect(locate(place)).toEqual(socket)
  writeFileSync(join(folder, 'hub.json'), '{"url":"ws://127.0.0.1:5432"}')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket.path, resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  expect(locate(place)).toEqual(socket)
})

test('where a path is too long for a socket, the port', () => {
  const place = { url: undefined, home: `/${'long/'.repeat(30)}`, port: 4321 }
  expect(webSocketUrl(locate(place))).toBe('ws://127.0.0.1:4321/')
})

test('a description holds no credentials', () => {
  expect(describeEndpoint(locate({ url: 'wss://rose:secret@hub.lan/x?token=1', home, port }))).toBe('wss://hub.lan')
})

test('what stays on this machine', () => {
  expect(['ws://127.0.0.1', 'ws://127.1.2.3', 'ws://localhost', 'ws://[::1]', 'unix:/x'].map(staysHere)).not.toContain(
    false,
  )
  expect(['ws://10.0.0.1', 'ws://127.0.0.1.example.com', 'ws://localhost.example.com'].map(staysHere)).not.toContain(
    true,
  )
})

test('keys lie apart for each hub but the local one, however that is written', () => {
  const folder = (url: string | undefined): string | undefined => hubFolder({ url, home, port })
  const defaults = [undefined, 'ws://127.0.0.1:9870', 'ws://localhost:9870/', `unix:${home}/hub.sock`]
  expect(defaults.map(folder)).toEqual([undefined, undefined, undefined, undefined])
  const others = ['ws://127.0.0.1:9871', 'wss://hub.lan', 'ws://hub.lan', 'unix:/x', `unix:/${'x'.repeat(300)}`].map(
    folder,
  )
  expect(new Set(others).size).toBe(5)
  for (const name of others) expect(name).toMatch(/^(?:.*%.*|[0-9a-f]{64})$/)
})

test('settings come from the environment, the first name first', () => {
  expect(readSettings({})).toMatchObject({ url: undefined, port: 9870, secret: undefined })
  expect(readSettings({ IPC_SHARED_SECRET: 'older' }).secret).toBe('older')
  expect(readSettings({ IPC_SHARED_SECRET: 'older', BELLHOP_SECRET: 'newer' }).secret).toBe('newer')
  expect(readSettings({ BELLHOP_URL: '', BELLHOP_HOME: '/x', BELLHOP_PORT: '1' })).toMatchObject({
    url: undefined,
    home: '/x',
    port: 1,
  })
  expect(readSettings({ BELLHOP_PORT: 'many' }).port).toBe(9870)
  for (const { meaning, shown } of clientSettings) expect(meaning && shown).not.toBe('')
})

test("the secret of this home's hub is in the home, whatever the environment says; another hub's is in the environment", () => {
  const folder = temporaryHome()
  const here = { url: undefined, home: folder }
  const there = { url: 'ws://hub.lan:9870', home: folder }
  expect(readSecret({ ...here, secret: undefined })).toBeUndefined()
  expect(readSecret({ ...here, secret: 'set' })).toBe('set')
  writeFileSync(join(folder, 'secret'), 'in force\n')
  expect(readSecret({ ...here, secret: 'set' })).toBe('in force')
  expect(readSecret({ ...there, secret: 'set' })).toBe('set')
  expect(readSecret({ ...there, secret: undefined })).toBe('in force')
})

function socketUrl(url: string): string {
  return webSocketUrl(locate({ url, home, port }))
}

function staysHere(url: string): boolean {
  return isLocal(locate({ url, home, port }))
}
