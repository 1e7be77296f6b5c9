import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { closeCodes, decodeIncoming, decodeRequest, errors, methods, notifications } from '../../protocol/index.ts'
import type { Json } from './format.ts'
import { loadUncovered, loadVectors } from './load.ts'
import { match, matcherNames } from './match.ts'
import { Bindings, placeholderNames } from './resolve.ts'

const vectors = loadVectors()
const uncovered = loadUncovered()
const cases = Object.values(vectors).flat()
const specification = readFileSync(new URL('../../protocol/PROTOCOL.md', import.meta.url), 'utf8')

/** Every object in the vectors, however deep. */
function* objectsIn(json: unknown): Generator<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null) return
  if (!Array.isArray(json)) yield json as Record<string, unknown>
  for (const inner of Object.values(json)) yield* objectsIn(inner)
}

const hubObjects = [...objectsIn(vectors.hub), ...objectsIn(vectors.requests)]
const clientObjects = [...objectsIn(vectors.client), ...objectsIn(vectors.answers), ...objectsIn(vectors.notifications)]

/** Rows for `test.each`, which cuts long titles short where it takes them out of an object. */
function titled<T extends { readonly title: string }>(rows: readonly T[]): [string, T][] {
  return rows.map((row) => [row.title, row])
}

/** What no vector covers. */
function missing(wanted: readonly string[], covered: ReadonlySet<unknown>): string[] {
  return wanted.filter((name) => !covered.has(name)).toSorted()
}

function excused(part: Exclude<keyof typeof uncovered, 'about'>): string[] {
  return Object.keys(uncovered[part]).toSorted()
}

test('every vector has a title of its own', () => {
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length)
  expect(cases.length).toBeGreaterThan(200)
})

test('every rule that a vector cites is one of the specification, and every rule has a vector or a reason', () => {
  const rules = [...specification.matchAll(/^- \*\*\[(P-\d+)\]\*\*/gm)].map(([, rule = '']) => rule)
  const cited = new Set(cases.flatMap(({ rules }) => rules))
  expect([...cited].filter((rule) => !rules.includes(rule))).toEqual([])
  expect(missing(rules, cited)).toEqual(excused('rules'))
})

test('what is left out has a reason', () => {
  const reasons = Object.values(uncovered).flatMap((part) => (typeof part === 'string' ? [part] : Object.values(part)))
  expect(reasons.filter((reason) => !/^[A-Z].*\w\.$/.test(reason))).toEqual([])
})

test('every word with $ is one that the kit knows', () => {
  const words = new Set([...hubObjects, ...clientObjects].flatMap((object) => Object.keys(object)))
  const known = [...placeholderNames, ...matcherNames]
  expect([...words].filter((word) => word.startsWith('$') && !known.includes(word))).toEqual([])
  // The expectation of a frame that is accepted stands in the kit, and needs one more.
  expect(known.filter((word) => !words.has(word))).toEqual(['$oneOf'])
})

test('hubs and clients are asked for every method, or there is a reason', () => {
  const asked = (objects: readonly Record<string, unknown>[], ...keys: string[]): Set<unknown> =>
    new Set(objects.flatMap((object) => keys.map((key) => object[key])))
  expect(missing(Object.keys(methods), asked(hubObjects, 'ask', 'post', 'method'))).toEqual(excused('methods'))
  expect(missing(Object.keys(methods), asked(clientObjects, 'tell', 'method'))).toEqual(excused('methods'))
})

test('every notification is expected of hubs and put before clients', () => {
  const named = (objects: readonly Record<string, unknown>[]): Set<unknown> =>
    new Set(objects.map(({ method }) => method))
  expect(missing(Object.keys(notifications), named(hubObjects))).toEqual([])
  expect(missing(Object.keys(notifications), named(clientObjects))).toEqual([])
})

test('a hub is brought to every error of the table, or there is a reason', () => {
  const given = new Set(
    hubObjects.flatMap(({ error, reject }) => [
      error,
      (error as { data?: { reason?: string } } | undefined)?.data?.reason,
      (reject as { reason?: string } | undefined)?.reason,
    ]),
  )
  expect(missing(Object.keys(errors), given)).toEqual(excused('errors'))
})

test('a hub is brought to every close code, or there is a reason', () => {
  const given = new Set(hubObjects.map(({ closed }) => (closed as { code?: number } | undefined)?.code))
  const covered = new Set(Object.entries(closeCodes).flatMap(([reason, { code }]) => (given.has(code) ? [reason] : [])))
  expect(missing(Object.keys(closeCodes), covered)).toEqual(excused('closeCodes'))
})

describe('the schemas agree with the frames', () => {
  const textOf = ({ frame, text }: { frame?: Json | undefined; text?: Json | undefined }, bindings: Bindings): string =>
    text === undefined
      ? JSON.stringify({ jsonrpc: '2.0', ...(bindings.resolve(frame ?? {}) as object) })
      : bindings.text(text)

  test.each(titled(vectors.requests))('%s', (_title, vector) => {
    const bindings = new Bindings('', vector.define)
    const decoded = decodeRequest(textOf(vector, bindings))
    const { accept, reject } = vector
    if (accept) {
      const { id, method, params } = accept
      expect(decoded).toEqual({ ok: true, id, call: { method, params: bindings.resolve(params) } })
    } else {
      expect(decoded).toMatchObject({ ok: false, id: reject?.id, failure: { reason: reject?.reason } })
      expect(errors[reject?.reason as keyof typeof errors].code).toBe(reject?.code)
    }
  })

  test.each(titled(vectors.notifications))('%s', (_title, vector) => {
    const bindings = new Bindings('', vector.define)
    const decoded = decodeIncoming(textOf(vector, bindings))
    if (vector.event) {
      expect(decoded).toMatchObject({ kind: 'notification', method: vector.event.event })
      expect(match(vector.event.params, (decoded as { params?: unknown }).params, bindings)).toEqual([])
    } else if (!['the same message again', 'a second challenge'].includes(vector.name)) {
      expect(decoded.kind).toBe('unknown')
    }
  })
})

describe('what the kit compares with', () => {
  const bindings = new Bindings('a secret')

  test.each<[string, Json, unknown, RegExp]>([
    ['another value', { a: 1 }, { a: 2 }, /^a: expected 1, got 2$/],
    ['a member that is not there', { a: { b: 1 } }, { a: {} }, /^a\.b: expected 1, got nothing$/],
    ['a member of the prototype', { toString: { $any: 'anything' } }, {}, /toString: expected any anything/],
    ['a longer list', [1], [1, 2], /a list of 1/],
    ['a member that should not be there', { a: { $absent: true } }, { a: null }, /a: expected nothing/],
    ['another kind', { $any: 'time' }, '2026-11-22', /any time/],
    ['a kind that nobody knows', { $any: 'cat' }, 'cat', /any cat/],
    ['a text of another form', { $matches: '^a$' }, 'ab', /a text like/],
    ['too little', { $above: 3 }, 3, /more than 3/],
    ['less than the least', { $atLeast: 3 }, 2, /at least 3/],
    ['what it must not be', { $not: 3 }, 3, /anything but 3/],
    ['none of several', { $oneOf: [1, 2] }, 3, /one of/],
    ['a list without it', { $has: { a: 1 } }, [{ a: 2 }], /a list with/],
    ['no object', { a: 1 }, null, /an object/],
  ])('finds %s', (_what, expected, actual, difference) => {
    expect(match(expected, actual, bindings).join()).toMatch(difference)
  })

  test('lets pass what fits, and keeps what it captures', () => {
    const expected: Json = {
      id: { $capture: 'id', is: { $matches: '^k' } },
      at: { $any: 'time' },
      list: { $has: { a: 1 } },
      gone: { $absent: true },
    }
    const actual = { id: 'k1', at: '2026-11-22T09:30:02.000Z', list: [0, { a: 1, b: 2 }], more: true }
    expect(match(expected, actual, bindings)).toEqual([])
    expect(bindings.resolve({ $join: ['<', { $use: 'id' }, '>'] })).toBe('<k1>')
  })

  test('names and keys are the same within a conversation, and others in the next', () => {
    const other = new Bindings('a secret')
    const name: Json = { $name: 'rose' }
    expect(bindings.resolve(name)).toBe(bindings.resolve(name))
    expect(bindings.resolve(name)).not.toBe(other.resolve(name))
    expect(bindings.resolve({ $key: 'rose' })).not.toBe(other.resolve({ $key: 'rose' }))
    expect(bindings.resolve({ $name: 'rose', length: 32 })).toHaveLength(32)
    expect(() => bindings.resolve({ $use: 'nothing' })).toThrow('nothing has captured')
  })
})
