import type { Json } from './format.ts'
import { asText, type Bindings } from './resolve.ts'

type JsonObject = { readonly [key: string]: Json }

/** Where and how something differs from what was expected. Empty: it fits. */
export type Differences = readonly string[]

/**
 * Compares what came with what a vector expects, and captures. Members that the expectation does not name
 * are ignored, as [P-4] tells clients to; lists must have the same length.
 */
export function match(expected: Json, actual: unknown, bindings: Bindings): Differences {
  const captured = new Map<string, Json>()
  const differences = compare(bindings.resolve(expected), actual, '', captured)
  if (differences.length === 0) for (const [name, value] of captured) bindings.bind(name, value)
  return differences
}

function compare(expected: Json, actual: unknown, path: string, captured: Map<string, Json>): string[] {
  if (typeof expected !== 'object' || expected === null) {
    return Object.is(expected, actual) ? [] : [differs(path, JSON.stringify(expected), actual)]
  }
  if (Array.isArray(expected)) return compareLists(expected, actual, path, captured)
  const matcher = Object.keys(expected).find((key) => Object.hasOwn(matchers, key))
  if (matcher !== undefined) return matchers[matcher]!(expected, actual, path, captured)
  if (!isObject(actual)) return [differs(path, 'an object', actual)]
  return Object.entries(expected).flatMap(([key, value]) =>
    compare(
      value,
      Object.hasOwn(actual, key) ? actual[key] : undefined,
      path === '' ? key : `${path}.${key}`,
      captured,
    ),
  )
}

function compareLists(expected: Json[], actual: unknown, path: string, captured: Map<string, Json>): string[] {
  if (!Array.isArray(actual)) return [differs(path, 'a list', actual)]
  if (actual.length !== expected.length) return [differs(path, `a list of ${expected.length}`, actual)]
  return expected.flatMap((item, index) => compare(item, actual[index], `${path}[${index}]`, captured))
}

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  anything: (value) => value !== undefined,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: isObject,
  list: (value) => Array.isArray(value),
  /** ISO 8601, UTC, milliseconds. */
  time: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
}

type Matcher = (json: JsonObject, actual: unknown, path: string, captured: Map<string, Json>) => string[]

/** Every matcher: what stands in the expectation, and what it lets pass. */
const matchers: Readonly<Record<string, Matcher>> = {
  $any: (json, actual, path) => {
    const kind = asText(json['$any'])
    return kinds[kind]?.(actual) === true ? [] : [differs(path, `any ${kind}`, actual)]
  },
  $capture: (json, actual, path, captured) => {
    const problems = compare(json['is'] ?? { $any: 'anything' }, actual, path, captured)
    if (problems.length === 0) captured.set(asText(json['$capture']), actual as Json)
    return problems
  },
  $absent: (_json, actual, path) => (actual === undefined ? [] : [differs(path, 'nothing', actual)]),
  $matches: (json, actual, path) =>
    typeof actual === 'string' && new RegExp(asText(json['$matches']), 'u').test(actual)
      ? []
      : [differs(path, `a text like ${asText(json['$matches'])}`, actual)],
  $atLeast: (json, actual, path) =>
    typeof actual === 'number' && actual >= Number(json['$atLeast'])
      ? []
      : [differs(path, `at least ${asText(json['$atLeast'])}`, actual)],
  $above: (json, actual, path) =>
    typeof actual === 'number' && actual > Number(json['$above'])
      ? []
      : [differs(path, `more than ${asText(json['$above'])}`, actual)],
  $not: (json, actual, path, captured) =>
    compare(json['$not']!, actual, path, captured).length > 0
      ? []
      : [differs(path, `anything but ${JSON.stringify(json['$not'])}`, actual)],
  $oneOf: (json, actual, path, captured) =>
    (json['$oneOf'] as Json[]).some((option) => compare(option, actual, path, captured).length === 0)
      ? []
      : [differs(path, `one of ${JSON.stringify(json['$oneOf'])}`, actual)],
  /** A list that has such an item. */
  $has: (json, actual, path, captured) =>
    Array.isArray(actual) && actual.some((item) => compare(json['$has']!, item, path, captured).length === 0)
      ? []
      : [differs(path, `a list with ${JSON.stringify(json['$has'])}`, actual)],
}

/** For the test of the format: every word that begins with `$` and is a matcher. */
export const matcherNames: readonly string[] = Object.keys(matchers)

function differs(path: string, expected: string, actual: unknown): string {
  const shown = actual === undefined ? 'nothing' : (JSON.stringify(actual) ?? 'nothing')
  return `${path === '' ? 'it' : path}: expected ${shorten(expected)}, got ${shorten(shown)}`
}

/** As much of a text as a person wants to read in a report. */
export function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}… (${text.length} characters)`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
