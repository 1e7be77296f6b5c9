import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sourceOf } from '../../../agents/hook/codex-transcript.ts'
import { temporaryFolder } from '../../support/teardown.ts'

function transcript(text: string): string {
  const file = join(temporaryFolder(), 'rollout.jsonl')
  writeFileSync(file, text)
  return file
}

function firstLine(payload: object): string {
  return `${JSON.stringify({ timestamp: '2026-11-22T20:00:00.000Z', type: 'session_meta', payload })}\n`
}

test.each(['exec', 'cli', 'vscode'])('the first line says what began a thread: %s', (source) => {
  const next = JSON.stringify({ type: 'response_item', payload: { source: 'another' } })
  expect(sourceOf(transcript(`${firstLine({ id: 't1', source })}${next}\n`))).toBe(source)
})

test('a first line that quotes long instructions is read whole, and one without an end too', () => {
  const instructions = 'Be brief. ä '.repeat(10_000)
  const line = firstLine({ instructions, source: 'exec' })
  expect(sourceOf(transcript(line))).toBe('exec')
  expect(sourceOf(transcript(line.trimEnd()))).toBe('exec')
})

test.each([
  ['empty', ''],
  ['no JSON', 'source: exec\n'],
  ['JSON of something else', '[1]\nnull\n'],
  ['null', 'null\n'],
  ['without a source', firstLine({ id: 't1' })],
  ['of a subagent, whose source is an object', firstLine({ source: { subagent: 'review' } })],
  ['longer than anything that Codex writes', firstLine({ instructions: 'x'.repeat(1_000_000), source: 'exec' })],
])('a transcript that does not tell: %s', (_, text) => {
  expect(sourceOf(transcript(text))).toBeUndefined()
})

test('no transcript, or none that can be read, tells nothing', () => {
  expect(sourceOf(undefined)).toBeUndefined()
  expect(sourceOf(join(temporaryFolder(), 'missing.jsonl'))).toBeUndefined()
  expect(sourceOf(temporaryFolder())).toBeUndefined()
})
