import { openSync, closeSync, ftruncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Answer } from '../support/assistant.ts'
import { startClient } from '../support/clients.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { startAssistant } from '../support/shims.ts'
import { temporaryFolder } from '../support/teardown.ts'

/** Why a tool failed, once text and structure both tell the same next step. */
function refusalIn(answer: Answer): { reason: string; text: string } {
  const { ok, error } = answer.structured as { ok: boolean; error?: { reason: string; next: string } }
  const { text, isError } = answer
  if (!isError || ok || error === undefined) throw new Error(`not refused: ${text}`)
  const { reason, next } = error
  if (next === '' || !text.startsWith(`${reason}: `) || !text.includes(`\nNext step: ${next}`)) {
    throw new Error(`no next step for ${reason} in: ${text}`)
  }
  return { reason, text }
}

/** A reason, and what the text must say besides. */
function because(reason: string, words: RegExp = /^/) {
  return { reason, text: expect.stringMatching(words) as string }
}

test('names: invalid, reserved, none yet', async () => {
  const { env } = homeWithHub()
  const shim = await startAssistant(env)
  for (const name of ['no name!', 'x'.repeat(33), '#topic', '']) {
    expect(refusalIn(await shim.call('register', { name }))).toEqual(because('invalid_input', /"name"/))
  }
  expect(refusalIn(await shim.call('register', { name: 'bellhop' }))).toEqual(because('name_reserved', /another name/))
  for (const [tool, args] of Object.entries({
    send: { to: 'rose', content: 'x' },
    ask: { to: 'rose', content: 'x' },
    broadcast: { content: 'x' },
    check: {},
    wait: { seconds: 1 },
    rename: { name: 'rose' },
    join: { topic: '#a' },
    leave: { topic: '#a' },
    history: {},
    receipts: {},
    auto_check: { action: 'start' },
    share_file: { to: 'rose', path: 'x' },
    share_command: { to: 'rose', command: 'ls' },
  })) {
    expect(refusalIn(await shim.call(tool, args))).toEqual(because('not_registered', /register \{"name":"…"\}/))
  }
})

test('a name in use, and a name of somebody else', async () => {
  const { env } = homeWithHub({ BELLHOP_SECRET: 'a secret of two homes' })
  const hub = await startHubChild(env)
  await startAssistant(env, 'rose')
  const twin = await startAssistant(env)
  expect(refusalIn(await twin.call('register', { name: 'rose' }))).toEqual(because('name_in_use', /takeOver/))
  expect(refusalIn(await twin.call('register', { name: 'Rose' }))).toEqual(because('name_in_use', /takeOver/))
  const stranger = await startAssistant({ ...env, BELLHOP_HOME: temporaryFolder(), BELLHOP_URL: hub.url })
  expect(refusalIn(await stranger.call('register', { name: 'rose' }))).toEqual(because('name_taken', /another name/))
})

test('mail: nobody of that name, nobody in the topic, an unknown id, a full mailbox', async () => {
  const { env } = homeWithHub({ BELLHOP_MAILBOX_DEPTH: '2' })
  const rose = await startAssistant(env, 'rose')
  await startClient(env, 'claude')
  const mistyped = await rose.call('send', { to: 'claud', content: 'x' })
  expect(mistyped.isError).toBe(false)
  expect(mistyped.text).toContain('Did you mean "claude"? If so, send it there.')
  expect(refusalIn(await rose.call('send', { to: '#nobody', content: 'x' }))).toEqual(
    because('no_recipients', /mail to a single name waits/),
  )
  expect(refusalIn(await rose.call('send', { to: 'claude', content: 'x', replyTo: 'nope' }))).toEqual(
    because('invalid_input', /"replyTo"/),
  )
  const unknown = { to: 'claude', content: 'x', replyTo: 'k3x9q2ab-43' }
  expect(refusalIn(await rose.call('send', unknown))).toEqual(because('message_unknown', /history/))
  expect(refusalIn(await rose.call('send', { to: 'claude', content: '' }))).toEqual(
    because('invalid_input', /"content"/),
  )
  // The client holds its mail unread.
  for (const content of ['one', 'two']) expect((await rose.call('send', { to: 'claude', content })).isError).toBe(false)
  expect(refusalIn(await rose.call('send', { to: 'claude', content: 'three' }))).toEqual(
    because('mailbox_full', /Nothing was stored/),
  )
  expect(refusalIn(await rose.call('receipts', { id: 'k3x9q2ab-43' }))).toEqual(because('message_unknown'))
})

test('too many messages in a minute', async () => {
  const { env } = homeWithHub({ BELLHOP_SENDS_PER_MINUTE: '2' })
  const rose = await startAssistant(env, 'rose')
  for (const content of ['one', 'two']) await rose.call('send', { to: 'claude', content })
  const refused = await rose.call('send', { to: 'claude', content: 'three' })
  expect(refusalIn(refused)).toEqual(because('rate_limited', /It can succeed in \d+ seconds?\./))
  expect(refused.structured['error']).toMatchObject({ retryAfterMs: expect.any(Number) })
})

test('a second rename within the hour', async () => {
  const { env } = homeWithHub()
  const rose = await startAssistant(env, 'rose')
  await rose.call('rename', { name: 'rose-2' })
  expect(refusalIn(await rose.call('rename', { name: 'rose-3' }))).toEqual(
    because('rename_too_soon', /It can succeed in \d+ minutes\./),
  )
})

test('files and commands', async () => {
  const { home, env } = homeWithHub()
  const rose = await startAssistant(env, 'rose')
  const folder = temporaryFolder()
  const huge = openSync(join(folder, 'huge'), 'w')
  ftruncateSync(huge, 17 * 1024 * 1024)
  closeSync(huge)
  const share = (path: string): Promise<Answer> => rose.call('share_file', { to: 'claude', path })
  expect(refusalIn(await share(join(folder, 'huge')))).toEqual(because('file_too_large', /17\.0 MiB.*16\.0 MiB/))
  expect(refusalIn(await share(join(folder, 'missing')))).toEqual(because('file_unreadable', /ENOENT/))
  expect(refusalIn(await share(folder))).toEqual(because('file_not_regular'))
  expect(refusalIn(await share(join(home, 'secret')))).toEqual(because('file_private'))
  const command = (line: string) => ({ to: 'claude', command: line })
  expect(refusalIn(await rose.call('share_command', command('git log')))).toEqual(
    because('commands_off', /BELLHOP_ALLOW_COMMANDS/),
  )

  const allowed = await startAssistant({ ...env, BELLHOP_ALLOW_COMMANDS: 'git,no-such-program' }, 'fred')
  expect(refusalIn(await allowed.call('share_command', command('rm -r /')))).toEqual(
    because('command_not_allowed', /git/),
  )
  expect(refusalIn(await allowed.call('share_command', command('git log | head')))).toEqual(
    because('command_not_plain'),
  )
  expect(refusalIn(await allowed.call('share_command', command('no-such-program')))).toEqual(
    because('command_failed', /ENOENT/),
  )
})

test('a hub that cannot be reached', async () => {
  const { env } = homeWithHub()
  const hub = await startHubChild(env)
  const where = { ...env, BELLHOP_URL: hub.url }
  const [rose, nobody] = await Promise.all([startAssistant(where, 'rose'), startAssistant(where)])
  await hub.end('SIGKILL')
  // The first refusal shows that the shim knows of the death: what it writes before may be anywhere.
  const [listed] = await Promise.all([rose.call('list_instances'), nobody.call('list_instances')])
  const [sent, registered] = await Promise.all([
    rose.call('send', { to: 'claude', content: 'x' }),
    nobody.call('register', { name: 'claude' }),
  ])
  expect(refusalIn(sent)).toEqual(because('not_sent', /was not sent.*cannot be reached/))
  expect(refusalIn(listed)).toEqual(because('hub_unreachable', /cannot be reached/))
  expect(refusalIn(registered)).toEqual(because('hub_unreachable', /BELLHOP_URL/))
}, 60_000)
