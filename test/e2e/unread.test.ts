import { expect, test } from 'vitest'
import { startClient } from '../support/clients.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hubProcess } from '../support/processes.ts'
import { killShim, listenForBell } from '../support/shim-events.ts'
import { resultOf, shownIn, startAssistant, textsIn, untilWaiting } from '../support/shims.ts'
import { startToll } from '../support/toll.ts'

test('[P-31] a shim is killed when check has shown mail and the hub has not heard so: the next shim shows it, once', async () => {
  const { env } = homeWithHub()
  const hub = await startHubChild(env)
  const toll = await startToll(hub.url)
  const rose = await startClient(env, 'rose')
  const tolled = { ...env, BELLHOP_URL: toll.url }
  const first = await startAssistant(tolled, 'claude')

  const acks = toll.withhold('ack')
  const { id } = await rose.client.send({ to: 'claude', content: 'Shown, and not acknowledged.' })
  expect(textsIn(await first.call('check'))).toEqual(['Shown, and not acknowledged.'])
  expect(await acks.taken).toMatchObject({ params: { ids: [id], state: 'shown', route: 'tool_result' } })
  await killShim(first)
  await toll.untilGone()
  acks.release()

  const second = await startAssistant(tolled)
  expect(shownIn(await second.call('register', { name: 'claude' })).map((shown) => shown.id)).toEqual([id])
  expect(shownIn(await second.call('check'))).toEqual([])
  await second.stop()
  const third = await startAssistant(tolled)
  const empty = await third.call('register', { name: 'claude' })
  expect(resultOf(empty)).toMatchObject({ created: false, waiting: 0 })
  expect(shownIn(empty)).toEqual([])
})

test('[P-33] shim and hub are killed with the acknowledgement between them: the mail is shown again, once', async () => {
  const { home, env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const first = await startAssistant(env, 'claude')
  const { rung } = await listenForBell(first)
  const { id } = await rose.client.send({ to: 'claude', content: 'In the inbox of the shim.' })
  await rung

  // The hub stands still: what the shim says to it stays in the system's buffer, and dies with both.
  const pid = hubProcess(home)!
  process.kill(pid, 'SIGSTOP')
  expect(textsIn(await first.call('wait', { seconds: 1 }))).toEqual(['In the inbox of the shim.'])
  await killShim(first)
  const returned = rose.next('attached')
  process.kill(pid, 'SIGKILL')
  await returned
  expect(hubProcess(home)).not.toBe(pid)

  const second = await startAssistant(env)
  expect(shownIn(await second.call('register', { name: 'claude' })).map((shown) => shown.id)).toEqual([id])
  expect(shownIn(await second.call('check'))).toEqual([])
})

test('mail that a shim held when it was killed was not shown, and is shown by the next shim, once', async () => {
  const { env } = homeWithHub()
  const rose = await startClient(env, 'rose')
  const first = await startAssistant(env, 'claude')
  const { rung } = await listenForBell(first)
  const { id } = await rose.client.send({ to: 'claude', content: 'Nobody has looked.' })
  await rung
  await killShim(first)
  const second = await startAssistant(env)
  expect(shownIn(await second.call('register', { name: 'claude' })).map((shown) => shown.id)).toEqual([id])
  expect(shownIn(await second.call('check'))).toEqual([])
})

test('an aborted wait leaves mail unread: the next result shows it, once', async () => {
  const { env } = homeWithHub()
  const [rose, claude] = await Promise.all([startAssistant(env, 'rose'), startAssistant(env, 'claude')])
  const { rung } = await listenForBell(claude)
  const stop = new AbortController()
  const aborted = claude.call('wait', { seconds: 60 }, { signal: stop.signal })
  await untilWaiting(rose, 'claude')
  // Low priority does not end a wait, so this message is there when the wait is aborted.
  await rose.call('send', { to: 'claude', content: 'no hurry', priority: 'low' })
  while (!(await claude.client.readResource({ uri: 'bellhop://inbox' })).contents.some(holds('no hurry'))) continue
  stop.abort()
  await expect(aborted).rejects.toThrow(/abort/i)
  await rose.call('send', { to: 'claude', content: 'after the abort' })
  await rung
  expect(textsIn(await claude.call('list_instances'))).toEqual(['no hurry', 'after the abort'])
  expect(shownIn(await claude.call('check'))).toEqual([])
})

test('wait ends with the mail that is pushed', async () => {
  const { env } = homeWithHub()
  const [rose, claude] = await Promise.all([startAssistant(env, 'rose'), startAssistant(env, 'claude')])
  const waiting = claude.call('wait', { seconds: 3_600 })
  await untilWaiting(rose, 'claude')
  const sent = await rose.call('send', { to: 'claude', content: 'now' })
  expect(resultOf(sent)).toMatchObject({ recipient: 'online' })
  expect(sent.text).toContain('sees it at once')
  const woken = await waiting
  expect(textsIn(woken)).toEqual(['now'])
  const { receipts } = resultOf(await rose.call('receipts', { id: resultOf(sent).id }))
  expect(receipts[0]?.recipients[0]).toMatchObject({ name: 'claude' })
})

function holds(text: string): (content: object) => boolean {
  return (content) => 'text' in content && String(content.text).includes(text)
}
