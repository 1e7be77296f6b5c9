import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeIncoming,
  decodeRequest,
  encodeFailure,
  encodeNotification,
  encodeRequest,
  encodeResult,
  errors,
  limits,
  type ErrorReason,
} from '../../protocol/index.ts'

test('a request survives the wire, with its defaults filled in', () => {
  const frame = encodeRequest(7, 'send', { clientId: 'a', to: 'rose', content: 'hi' })
  expect(decodeRequest(frame)).toEqual({
    ok: true,
    id: 7,
    call: { method: 'send', params: { clientId: 'a', to: 'rose', content: 'hi', priority: 'normal' } },
  })
})

test('answers and notifications survive the wire', () => {
  expect(decodeIncoming(encodeResult(3, { a: 1 }))).toEqual({ kind: 'result', id: 3, result: { a: 1 } })
  const presence = { name: 'rose' as never, online: true }
  expect(decodeIncoming(encodeNotification('presence', presence))).toEqual({
    kind: 'notification',
    method: 'presence',
    params: presence,
  })
})

test.each(Object.keys(errors) as ErrorReason[])(
  '[P-5] %s travels with its code, its sentence and the next step',
  (reason) => {
    const incoming = decodeIncoming(encodeFailure(1, { reason, retryAfterMs: 5 }))
    const { code, message, temporary, next } = errors[reason]
    expect(incoming).toEqual({
      kind: 'error',
      id: 1,
      error: { code, message, data: { reason, temporary, next, retryAfterMs: 5 } },
    })
    expect(next).toMatch(/\.$/)
  },
)

test.each([
  ['{', 'parse_error', null],
  ['[]', 'invalid_request', null],
  ['[{"jsonrpc":"2.0","id":1,"method":"list"}]', 'invalid_request', null],
  ['{"jsonrpc":"1.0","id":4,"method":"list"}', 'invalid_request', 4],
  ['{"jsonrpc":"2.0","id":"x","method":"list"}', 'invalid_request', null],
  ['{"jsonrpc":"2.0","id":4,"method":"toString"}', 'method_not_found', 4],
  ['{"jsonrpc":"2.0","id":4,"method":"__proto__"}', 'method_not_found', 4],
  ['{"jsonrpc":"2.0","id":4,"method":"list","params":[]}', 'invalid_params', 4],
  ['{"jsonrpc":"2.0","id":4,"method":"register","params":{"name":"a b"}}', 'name_invalid', 4],
  ['{"jsonrpc":"2.0","id":4,"method":"ack","params":{"ids":[]}}', 'invalid_params', 4],
])('[P-4] %s is %s', (frame, reason, id) => {
  expect(decodeRequest(frame)).toMatchObject({ ok: false, id, failure: { reason } })
})

test('data nested too deep is refused, and does not exhaust the stack', () => {
  const deep = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels)
  const frame = (levels: number): string =>
    `{"jsonrpc":"2.0","id":1,"method":"send","params":{"clientId":"a","to":"b","data":${deep(levels)}}}`
  expect(decodeRequest(frame(limits.dataDepth))).toMatchObject({ ok: true })
  expect(decodeRequest(frame(limits.dataDepth + 2))).toMatchObject({ ok: false, failure: { reason: 'invalid_params' } })
  expect(decodeRequest(frame(40_000))).toMatchObject({ ok: false, failure: { reason: 'invalid_params' } })
})

test('no text makes either decoder throw', () => {
  const jsonish = fc.oneof(
    fc.string(),
    fc.json(),
    fc.string().map((method) => JSON.stringify({ jsonrpc: '2.0', id: 1, method })),
  )
  fc.assert(
    fc.property(jsonish, (text) => {
      expect(decodeRequest(text)).toHaveProperty('ok')
      expect(decodeIncoming(text)).toHaveProperty('kind')
    }),
    { verbose: 1 },
  )
})
