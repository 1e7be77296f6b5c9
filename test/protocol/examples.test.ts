import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createHmac } from 'node:crypto'
import {
  decodeIncoming,
  decodeRequest,
  methods,
  notifications,
  Outlook,
  proofText,
  type Method,
} from '../../protocol/index.ts'

const text = readFileSync(new URL('../../protocol/PROTOCOL.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/^```json ([\w.]+)\n([^`]+)\n```/gm)].map(([, name, frame]) => ({
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

test('the examples of an outlook are outlooks', () => {
  const outlooks = [...text.matchAll(/```json outlook\n\s*([^`]+?)\s*```/g)].map(
    ([, json]) => JSON.parse(json ?? '') as object,
  )
  expect(outlooks.map((outlook) => Outlook.parse(outlook))).toEqual(outlooks)
  expect(outlooks).toHaveLength(3)
})

test('[P-3] the proofs of the examples can be made from the secret that the page names', () => {
  const secret = /the secret here is `([^`]+)`/.exec(text)?.[1] ?? ''
  const fieldOf = (name: string, field: string): string => {
    const json = JSON.parse(examples.find((example) => example.name === name)?.frame ?? '') as Record<string, object>
    return String(Object.entries(json['params'] ?? json['result'] ?? {}).find(([key]) => key === field)?.[1])
  }
  const [hubNonce, nonce] = [fieldOf('challenge', 'nonce'), fieldOf('hello', 'nonce')]
  const sign = (role: 'client' | 'hub'): string =>
    createHmac('sha256', secret)
      .update(proofText(role, hubNonce, nonce))
      .digest('hex')
  expect(fieldOf('hello', 'proof')).toBe(sign('client'))
  expect(fieldOf('hello.result', 'proof')).toBe(sign('hub'))
})
