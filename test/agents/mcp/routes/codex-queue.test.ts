import { expect, test } from 'vitest'
import { codexQueue, type Run } from '../../../../agents/mcp/routes/codex-queue.ts'
import { ringText } from '../../../../agents/mcp/routes/ringer.ts'

function setUp({ assistant = 'codex', fails = false } = {}) {
  const conversation: { assistant: 'codex' | 'gemini'; session: string | undefined; isAttended: boolean } = {
    assistant: assistant as 'codex',
    session: undefined,
    isAttended: true,
  }
  const runs: unknown[] = []
  const run: Run = (file, args, { env }) => {
    runs.push([file, ...args, env['HOME']])
    return fails ? Promise.reject(new Error('exit 1')) : Promise.resolve()
  }
  return { conversation, runs, ringer: codexQueue({ conversation, env: { HOME: '/home/rose' }, run }) }
}

const ring = { unread: 1, urgent: false }

test('it is ready from the first tool call of a thread on, and only in Codex', () => {
  const { ringer, conversation } = setUp()
  expect(ringer.isReady()).toBe(false)
  conversation.session = 'thread-1'
  expect(ringer.isReady()).toBe(true)
  const other = setUp({ assistant: 'gemini' })
  other.conversation.session = 'thread-1'
  expect(other.ringer.isReady()).toBe(false)
})

test('a run without a person is not woken: what is queued would begin it anew', () => {
  const { ringer, conversation } = setUp()
  conversation.session = 'thread-1'
  conversation.isAttended = false
  expect(ringer.isReady()).toBe(false)
})

test('it queues the same sentence for the thread, whatever came', async () => {
  const { ringer, conversation, runs } = setUp()
  conversation.session = 'thread-1'
  expect(await ringer.ring(ring)).toBe(true)
  expect(runs).toEqual([['codex', 'queue', '--thread', 'thread-1', '--message', ringText, '/home/rose']])
})

test('a thread for which it failed is not tried again, the next one is', async () => {
  const { ringer, conversation } = setUp({ fails: true })
  conversation.session = 'thread-1'
  expect(await ringer.ring(ring)).toBe(false)
  expect(ringer.isReady()).toBe(false)
  conversation.session = 'thread-2'
  expect(ringer.isReady()).toBe(true)
})
