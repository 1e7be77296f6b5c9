import { expect, test } from 'vitest'
import { understand } from '../../../agents/say/index.ts'

/** Characters: what cost the square of it would run for days. */
const size = 4 * 1024 * 1024
/** Milliseconds for one of them, on a slow machine that is busy. */
const patienceMs = 1_500

function millisecondsFor(typed: string): number {
  const startedAt = performance.now()
  understand(typed)
  return performance.now() - startedAt
}

const fill = (piece: string): string => piece.repeat(Math.ceil(size / piece.length))

test('a long text is kept as it is', () => {
  for (const text of [fill('x'), fill('word '), fill('line\n'), fill('": '), fill('a:b,'), fill(' to alice')]) {
    expect(understand(`msg barney: ${text}`)).toEqual({
      intent: 'send',
      to: 'barney',
      text: text.trim(),
    })
    expect(understand(`reply: ${text}`)).toEqual({ intent: 'reply', text: text.trim() })
  }
  expect(understand(`msg barney:${fill(' ')}x`)).toEqual({ intent: 'send', to: 'barney', text: 'x' })
})

test('so is one in quotes before its recipient', () => {
  const text = fill('all is well ').trim()
  expect(understand(`send "${text}" to barney`)).toEqual({ intent: 'send', to: 'barney', text })
  expect(understand(`broadcast ${text} to everyone`)).toEqual({ intent: 'broadcast', text })
})

test('a name that the edge of what is looked at cuts is no name', () => {
  for (let blanks = 360; blanks < 420; blanks++) {
    const understanding = understand(`tell${' '.repeat(blanks)}barney-the-second: hi ${'x'.repeat(600)}`)
    if (understanding.intent === 'send') expect(understanding.to).toBe('barney-the-second')
    else expect(understanding.intent).toBe('unknown')
  }
  for (let length = 80; length < 140; length++) {
    const understanding = understand(`send "${'x'.repeat(600)}"${' '.repeat(length)}to${' '.repeat(3)}second-barney`)
    if (understanding.intent === 'send') expect(understanding.to).toBe('second-barney')
    else expect(understanding.intent).toBe('unknown')
  }
})

const hostile = [
  'and tell a b ',
  '\ntell a b',
  '\nlist the ',
  '\n',
  ',\n',
  ' ',
  'a',
  'a ',
  'please ',
  'hey ',
  'hey a, ',
  'could you ',
  'i would like you to ',
  'check ',
  'all ',
  'the ',
  'any new ',
  'auto ',
  'to ',
  'to a ',
  'to all ',
  'and ',
  ', ',
  ',',
  ':',
  '!',
  '"',
  "'",
  '-',
  '->',
  '@',
  '#',
  '@a ',
  "a'",
  'a.',
  '\u0301',
  '🙂',
  '\u200B',
  '5',
  '5 ',
  'five ',
  'every ',
  'twenty ',
  'half an ',
  '1.',
  '9m',
  '9-',
]
const beginnings = [
  '',
  'msg ',
  'msg barney ',
  'send ',
  'send "',
  'say ',
  'tell alice',
  'broadcast ',
  'check ',
  'please ',
  'forward ',
  'register as ',
  'start auto checking ',
  'list ',
]

test.each(beginnings)('%j and a long tail of anything', (beginning) => {
  const typed = hostile.flatMap((piece) => [
    `${beginning}${fill(piece)}`,
    // Within what is looked at, too, nothing multiplies.
    `${beginning}${piece.repeat(500 / piece.length)} to barney`,
  ])
  const slow = typed.filter((sentence) => millisecondsFor(sentence) > patienceMs)
  expect(slow.map((sentence) => sentence.slice(0, 40))).toEqual([])
})
