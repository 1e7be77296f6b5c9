import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeIncoming, decodeRequest, methods, notifications, type Method } from '../../protocol/index.ts'

const text = readFileSync(new URL('../../protocol/PROTOCOL.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/```json ([\w.]+)\n([^`]+)\n```/g)].map(([, name, frame]) => ({
  name: name ?? '',
  frame: frame ?? '',
}))

test('every method, result and notification has an example frame', () => {
  const wanted = [
    ...Object.keys(methods).flatMap((name) => [name, `${name}.result`]),
    ...Object.keys(notifications),
    'error',
  ]
  expect(examples.map(({ name }) => name).toSorted()).toEqual(wanted.toSorted())
})

test.each(examples)('the example of $name is a valid frame, and nothing in it is unknown', ({ name, frame }) => {
  const json = JSON.parse(frame) as { params?: unknown; result?: unknown }
  const [base, result] = name.split('.')
  if (base !== undefined && base in methods) {
    const { params, result: resultSchema } = methods[base as Method]
    if (result === undefined) {
      expect(decodeRequest(frame)).toMatchObject({ ok: true, call: { method: base } })
      expect(params.parse(json.params)).toMatchObject(json.params as object)
    } else {
      expect(resultSchema.parse(json.result)).toEqual(json.result)
    }
  } else if (name === 'error') {
    expect(decodeIncoming(frame)).toMatchObject({ kind: 'error', error: { data: { reason: 'rate_limited' } } })
  } else {
    expect(decodeIncoming(frame)).toEqual({ kind: 'notification', method: name, params: json.params })
  }
})
