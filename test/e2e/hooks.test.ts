import { expect, test } from 'vitest'
import type { MessageId, Route } from '../../protocol/index.ts'
import { startClient } from '../support/clients.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hookText, startHook } from '../support/hooks.ts'
import { shownIn, startAssistant, untilUnread } from '../support/shims.ts'

/** An assistant that calls itself Claude Code and is registered, and another agent that writes to it. */
async function setUp(env = homeWithHub().env) {
  const rose = await startClient(env, 'rose')
  const claude = await startAssistant(env, 'claude', 'claude-code')
  const send = async (content: string, priority: 'low' | 'normal' | 'urgent' = 'normal') => {
    const { id } = await rose.client.send({ to: 'claude', content, priority })
    return id
  }
  return { env, rose, claude, send }
}

/** The receipt of a message once its state is this one. */
async function receiptOf({ rose }: Awaited<ReturnType<typeof setUp>>, id: MessageId, state: string) {
  for (;;) {
    const { receipts } = await rose.client.request('receipts', { id })
    const recipient = receipts[0]?.recipients[0]
    if (recipient?.state === state) return recipient
    await rose.next('receipt')
  }
}

test.each(['UserPromptSubmit', 'PostToolUse', 'Stop'])(
  'mail is shown by a hook at %s, once, and its receipt says so',
  async (event) => {
    const bed = await setUp()
    const id = await bed.send('Seen by a hook.')
    const text = await untilText(() => hookText(event, bed.env))
    expect(text).toMatch(/is data, not[^]*<<<TEXT (\S+)\nSeen by a hook\.\nTEXT \1>>>/)
    const receipt = await receiptOf(bed, id, 'shown')
    expect(receipt.steps.filter(({ state }) => state === 'shown')).toMatchObject([{ route: 'hook' }])
    expect(await hookText(event, bed.env)).toBeUndefined()
    expect(shownIn(await bed.claude.call('check'))).toEqual([])
  },
)

/** The first text of a hook: the push may still be on its way. */
async function untilText(run: () => Promise<string | undefined>): Promise<string> {
  for (;;) {
    const text = await run()
    if (text !== undefined) return text
  }
}

test('a hook whose output nobody read has shown nothing', async () => {
  const bed = await setUp()
  const id = await bed.send('Not lost.')
  await untilUnread(bed.claude)
  const { child, end } = startHook(['claude-code'], { hook_event_name: 'PostToolUse' }, bed.env)
  child.stdout!.destroy()
  expect(await end).toMatchObject({ code: 0 })
  expect(shownIn(await bed.claude.call('check')).map((shown) => shown.id)).toEqual([id])
})

test('a subagent, another assistant and another process are shown nothing', async () => {
  const bed = await setUp()
  await bed.send('For the main agent.')
  await untilUnread(bed.claude)
  expect(await hookText('PostToolUse', bed.env, { agent_id: 'a1', agent_type: 'general' })).toBeUndefined()
  expect(await hookText('PostToolUse', { ...bed.env, CLAUDE_PID: '1' })).toBeUndefined()
  const codex = await startHook(['codex'], { hook_event_name: 'PostToolUse', session_id: 't1' }, bed.env).end
  expect(codex).toMatchObject({ code: 0, stdout: '' })
  expect(await hookText('PostToolUse', bed.env)).toContain('For the main agent.')
})

test('a run without a person is shown mail at work, and not kept from its end', async () => {
  const bed = await setUp()
  const headless = { ...bed.env, CLAUDE_CODE_ENTRYPOINT: 'sdk-cli' }
  await bed.send('Later.')
  await untilUnread(bed.claude)
  expect(await hookText('Stop', headless)).toBeUndefined()
  expect(await hookText('PostToolUse', headless)).toContain('Later.')
  const wake = await startHook(['claude-code', 'wake'], { hook_event_name: 'Stop' }, headless).end
  expect(wake).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('ends of turn are prolonged five times in a row, and again after a prompt', async () => {
  const bed = await setUp()
  for (let turn = 1; turn <= 5; turn += 1) {
    await bed.send(`Number ${turn}.`)
    expect(await untilText(() => hookText('Stop', bed.env))).toContain(`Number ${turn}.`)
  }
  await bed.send('Number 6.')
  await untilUnread(bed.claude)
  expect(await hookText('Stop', bed.env)).toBeUndefined()
  expect(await hookText('UserPromptSubmit', bed.env)).toContain('Number 6.')
  await bed.send('Number 7.')
  expect(await untilText(() => hookText('Stop', bed.env))).toContain('Number 7.')
})

test('a backlog comes in pieces that the assistant shows whole; what is too long is hinted at, once', async () => {
  const bed = await setUp()
  for (let index = 0; index < 30; index += 1) await bed.send(`${index} `.repeat(200))
  await bed.send('x'.repeat(10_000))
  const texts: string[] = []
  for (;;) {
    const text = await untilText(() => hookText('PostToolUse', bed.env))
    texts.push(text)
    if (text.startsWith('Bellhop: ')) break
  }
  expect(texts.every((text) => text.length < 10_000)).toBe(true)
  for (let index = 0; index < 30; index += 1) {
    expect(texts.filter((text) => text.includes(`\n${`${index} `.repeat(200)}`))).toHaveLength(1)
  }
  expect(texts.at(-1)).toContain('1 unread message, too long to be shown here')
  expect(await hookText('PostToolUse', bed.env)).toBeUndefined()
  expect(shownIn(await bed.claude.call('check'))).toHaveLength(1)
})

test('low mail interrupts no work; with auto-check off hooks are silent; a digest waits for its interval', async () => {
  const bed = await setUp()
  await bed.send('Low.', 'low')
  await untilUnread(bed.claude)
  expect(await hookText('PostToolUse', bed.env)).toBeUndefined()
  await bed.claude.call('auto_check', { action: 'start', minutes: 5 })
  await bed.send('In the digest.')
  await untilUnread(bed.claude)
  expect(await hookText('Stop', bed.env)).toBeUndefined()
  await bed.send('Now.', 'urgent')
  expect(await untilText(() => hookText('PostToolUse', bed.env))).toContain('Now.')
  await bed.claude.call('auto_check', { action: 'stop' })
  await bed.send('Silence.')
  await untilUnread(bed.claude)
  expect(await hookText('UserPromptSubmit', bed.env)).toBeUndefined()
})

test('the waiter of an idle session is woken once for each mail, and the newest waiter is the only one', async () => {
  const bed = await setUp()
  const wait = () => startHook(['claude-code', 'wake'], { hook_event_name: 'Stop' }, bed.env)
  const older = wait()
  await untilRoute(bed, 'wake')
  const newer = wait()
  expect(await older.end).toEqual({ code: 0, stdout: '', stderr: '' })
  const id = await bed.send('Wake up.')
  const woken = await newer.end
  expect(woken).toMatchObject({ code: 2, stdout: '' })
  expect(woken.stderr).toMatch(/^Bellhop: new mail has arrived[^]*check/)
  expect(woken.stderr).not.toContain('Wake up.')
  expect((await receiptOf(bed, id, 'offered')).steps.at(-1)).toMatchObject({ state: 'offered', route: 'wake' })
  expect(await hookText('UserPromptSubmit', bed.env)).toContain('Wake up.')
  expect((await receiptOf(bed, id, 'shown')).steps.map(({ state }) => state)).toEqual(['queued', 'offered', 'shown'])
  expect(await hookText('Stop', bed.env)).toBeUndefined()
  // Mail that comes while nobody waits wakes the next waiter.
  await bed.send('While nobody listened.')
  await untilUnread(bed.claude)
  expect(await wait().end).toMatchObject({ code: 2 })
})

async function untilRoute({ rose }: Awaited<ReturnType<typeof setUp>>, route: Route): Promise<void> {
  for (;;) {
    const { agents } = await rose.client.request('list', {})
    if (agents.some(({ name, routes }) => name === 'claude' && routes.includes(route))) return
  }
}
