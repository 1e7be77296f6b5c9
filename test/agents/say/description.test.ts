import { expect, test } from 'vitest'
import { describe, understand } from '../../../agents/say/index.ts'

test.each([
  ['msg barney: the migration is done', 'Send to barney: "the migration is done".'],
  ['msg barney: one\ntwo', String.raw`Send to barney: "one\ntwo".`],
  ['reply: ok', 'Reply to the sender of the last message: "ok".'],
  ['broadcast: ok', 'Send to everyone: "ok".'],
  ['forward to barney', 'Forward the last message to barney.'],
  ['register as rose', 'Register as rose.'],
  ['rename to rose', 'Rename to rose.'],
  ['msgs?', 'Show new messages.'],
  ['list agents', 'List who is registered and who is online.'],
  ['start auto checking', 'Start auto-check: mail is shown at once.'],
  ['start auto checking 1', 'Start auto-check: mail is shown every minute.'],
  ['start auto checking 5', 'Start auto-check: mail is shown every 5 minutes.'],
  ['auto check off', 'Stop auto-check.'],
  ['auto check status', 'Say how auto-check stands.'],
  ['msg the frontend team: x', 'Did you mean the topic #frontend?'],
  ['the sky is blue', 'This is not understood, so nothing is done.'],
])('%j: %s', (typed, sentence) => {
  expect(describe(understand(typed))).toBe(sentence)
})

test('a long text is cut', () => {
  expect(describe(understand(`reply: ${'x'.repeat(10_000)}`)).length).toBeLessThan(300)
})
