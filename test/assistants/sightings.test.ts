import { expect, test } from 'vitest'
import { fencedTexts } from './sightings.ts'

const fence = (text: string, nonce = 'abc') => `Header\n<<<TEXT ${nonce}\n${text}\nTEXT ${nonce}>>>`

test('texts are found in fences, at any depth, also where a result is JSON in a string', () => {
  const result = JSON.stringify({ ok: true, mail: `${fence('two\nlines')}\n\n${fence('next')}` })
  const body = { messages: [{ content: [{ text: fence('first') }] }, { output: `Output:\n${result}` }] }
  expect(fencedTexts(JSON.stringify(body))).toEqual(['first', 'two\nlines', 'next'])
})

test('a fence whose brackets were escaped is one', () => {
  const escaped = fence('canary').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  expect(fencedTexts(JSON.stringify({ input: [escaped] }))).toEqual(['canary'])
})

test('a text without a fence, or with one that another nonce closes, is not found', () => {
  const open = '<<<TEXT abc\ncanary\nTEXT xyz>>>'
  expect(fencedTexts(JSON.stringify({ input: ['canary', open] }))).toEqual([])
})
