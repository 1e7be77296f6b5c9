import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkRequest, guardPolicy, isLoopback } from '../../../hub/net/guards.ts'

const policy = guardPolicy(['Hub.example'], ['https://console.example'])

test.each([
  ['localhost', undefined, undefined],
  ['127.0.0.1:9870', undefined, undefined],
  ['[::1]:9870', undefined, undefined],
  ['HUB.example:80', undefined, undefined],
  ['localhost', 'https://console.example', undefined],
  ['evil.example', undefined, 403],
  ['localhost.evil.example', undefined, 403],
  ['127.0.0.1.evil.example', undefined, 403],
  ['evil-hub.example', undefined, 403],
  ['', undefined, 400],
  [undefined, undefined, 400],
  ['local host', undefined, 400],
  ['localhost:99999999', undefined, 400],
  ['[::1', undefined, 400],
  ['http://localhost', undefined, 400],
  ['localhost', 'https://evil.example', 403],
  ['localhost', 'https://console.example.evil.example', 403],
  ['localhost', 'https://console.example:443', 403],
  ['localhost', 'http://console.example', 403],
  ['localhost', 'HTTPS://CONSOLE.EXAMPLE', 403],
  ['localhost', 'null', 403],
  ['localhost', '%%%', 403],
  ['localhost', '', 403],
  ['@@@', '@@@', 400],
])('[P-1] [S-6] Host %j with Origin %j', (host, origin, status) => {
  const verdict = checkRequest({ host, origin }, policy)
  expect(verdict.ok ? undefined : verdict.status).toBe(status)
})

test('no header makes the check throw, and no unknown one passes', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (host, origin) => {
      const name = host.toLowerCase().replace(/:\d{1,5}$/, '')
      const known = ['localhost', '127.0.0.1', '[::1]', 'hub.example'].includes(name)
      const allowed = origin === undefined || origin === 'https://console.example'
      return !checkRequest({ host, origin }, policy).ok || (known && allowed)
    }),
  )
  expect(checkRequest({ host: 'localhost' }, policy)).toEqual({ ok: true })
})

test.each([
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['127.0.0.1.example', false],
  ['10.0.0.1', false],
])('%s is loopback: %s', (address, expected) => {
  expect(isLoopback(address)).toBe(expected)
})
