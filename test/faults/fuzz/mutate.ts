import type { Random } from './random.ts'

/** Values that stand where something else belongs. */
const strangers: readonly unknown[] = [
  null,
  true,
  '',
  0,
  -1,
  0.5,
  -0,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  1e308,
  [],
  {},
  [[]],
  'constructor',
  'toString',
  '\u0000',
  '\ud83d',
  'ａｌｉｃｅ',
  'аlice',
  '../../etc/passwd',
  "' OR 1=1 --",
  '%00%2e%2e',
]

/** Texts that JSON.stringify never writes, put into the text of a frame. */
const fragments = [
  '1e999',
  '-1e999',
  '1e-999',
  '9007199254740993',
  '0x10',
  '01',
  'NaN',
  'undefined',
  '"\\ud800"',
  '"\\u0000"',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '"\\x41"',
  '/**/',
  '\u0000',
  '\ufeff',
  "'",
]

/** Characters of a text that was made long. */
const longTextLength = 20_000

type Container = Record<string, unknown> | unknown[]

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

/** What JSON can say, copied: much faster than what copies everything. */
function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone)
  if (!isContainer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clone(inner)]))
}

/** A text repeated, within what a frame may take. */
function longer(text: string, times: number): string {
  return text.repeat(Math.max(1, Math.min(times, Math.floor(longTextLength / Math.max(1, text.length)))))
}

/** Something of another kind or size in the place of a value, in a copy. */
function changeStructure(random: Random, frame: unknown): unknown {
  const copy = clone(frame)
  let at: unknown = copy
  for (;;) {
    if (!isContainer(at)) return copy
    const keys = Object.keys(at)
    const key = keys.length === 0 ? 'x' : random.pick(keys)
    const inner = (at as Record<string, unknown>)[key]
    if (isContainer(inner) && random.chance(0.7)) {
      at = inner
      continue
    }
    changeMember(random, at as Record<string, unknown>, key, inner)
    return copy
  }
}

function changeMember(random: Random, at: Record<string, unknown>, key: string, inner: unknown): void {
  switch (random.int(0, 7)) {
    case 0:
      Reflect.deleteProperty(at, key)
      return
    case 1:
      at[`${key}\u0000`] = inner
      return
    case 2:
      at[key] = [inner]
      return
    case 3:
      at[key] = nested(random)
      return
    case 4:
      at[key] = typeof inner === 'string' ? longer(inner, random.pick([2, 33, 400])) : 'a text'
      return
    case 5:
      at[key] = typeof inner === 'number' ? random.pick([-inner, inner + 0.5, inner * 1e12, 1e300]) : 7
      return
    default:
      at[key] = random.pick(strangers)
  }
}

function nested(random: Random): unknown {
  let value: unknown = random.pick(strangers)
  const levels = random.pick([2, 30, 40, 300])
  for (let level = 0; level < levels; level += 1) value = random.chance(0.5) ? [value] : { a: value }
  return value
}

/** The text of a frame with something done to its characters; it stays valid UTF-8 nearly always. */
function changeText(random: Random, text: string): string {
  const at = random.int(0, text.length)
  switch (random.int(0, 7)) {
    case 0:
      return text.slice(0, at)
    case 1: {
      const flipped = String.fromCharCode((text.charCodeAt(at) || 32) ^ (1 << random.int(0, 6)))
      return text.slice(0, at) + flipped + text.slice(at + 1)
    }
    case 2:
      return text.slice(0, at) + text.slice(at, at + random.int(1, 20)).repeat(2) + text.slice(at)
    case 3:
      return text.slice(0, at) + text.slice(at + random.int(1, 8))
    case 4:
      return text.replace(/:("[^"]*"|[0-9]+)/, () => `:${random.pick(fragments)}`)
    case 5:
      return duplicateKey(random, text)
    case 6:
      return text.slice(0, at) + random.pick(fragments) + text.slice(at)
    default:
      return random.pick([`[${text}]`, text + text, ` \n\t${text}\r\n`, `${text},`, `{"a":${text}}`])
  }
}

/** JSON allows a key twice; the last one counts. */
function duplicateKey(random: Random, text: string): string {
  const key = random.pick(['id', 'method', 'params', 'jsonrpc', '__proto__'])
  const value = random.pick(['1', '-1', '1.5', 'null', '"status"', '"2.0"', '{}', '{"__proto__":null}'])
  return random.chance(0.5)
    ? text.replace('{', () => `{"${key}":${value},`)
    : text.replace(/\}$/, () => `,"${key}":${value}}`)
}

/** Lists or objects in each other, far beyond any honest frame but within its bytes. */
function deepText(random: Random, id: number): string {
  const levels = random.pick([100, 5_000, 40_000])
  const open = random.pick(['[', '{"a":'])
  const inside = open.repeat(levels) + (open === '[' ? ']' : '1}'.padEnd(levels + 1, '}'))
  return `{"jsonrpc":"2.0","id":${id},"method":"send","params":${inside}${random.chance(0.5) ? '}' : ''}`
}

/** A mutant of a frame; `id` is for those that are made anew. */
export function mutate(random: Random, frame: object, id: number): string {
  if (random.chance(0.001)) return deepText(random, id)
  let changed: unknown = frame
  for (let times = random.pick([0, 1, 1, 2, 5]); times > 0; times -= 1) changed = changeStructure(random, changed)
  const text = JSON.stringify(changed)
  return random.chance(0.5) ? changeText(random, text) : text
}

/** A mutant of a frame that is a text. */
export function mutateText(random: Random, text: string): string {
  return random.chance(0.3) ? text : changeText(random, text)
}
