import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startClient } from '../support/clients.ts'
import { failToStartHub, startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { hubProcess, isAlive } from '../support/processes.ts'
import { checkUntil, resultOf, startAssistant } from '../support/shims.ts'

test('five clients and two shims that start at once in an empty home end with one hub', async () => {
  const { home, env } = homeWithHub()
  const names = ['ada', 'bea', 'cleo', 'dora', 'eve']
  const [shims, clients] = await Promise.all([
    Promise.all(['rose', 'claude'].map((name) => startAssistant(env, name))),
    Promise.all(names.map((name) => startClient(env, name))),
  ])
  const states = await Promise.all(clients.map(({ client }) => client.request('status', {})))
  const hubs = new Set(states.map(({ hub }) => `${hub.epoch} ${hub.startedAt}`))
  expect(hubs.size).toBe(1)
  expect(states[0]!.hub).toMatchObject({ agents: 7, online: 7 })
  const { startedAt } = states[0]!.hub
  for (const { client } of shims) {
    const { contents } = await client.readResource({ uri: 'bellhop://status' })
    expect(JSON.stringify(contents)).toContain(`up since ${startedAt}`)
  }
  const about = JSON.parse(readFileSync(join(home, 'hub.json'), 'utf8')) as { pid: number; startedAt: string }
  expect(about.startedAt).toBe(startedAt)
  expect(isAlive(about.pid)).toBe(true)
})

test('the hub that a shim or a client starts is not its child', async () => {
  const [ofShim, ofClient] = [homeWithHub(), homeWithHub()]
  const [shim] = await Promise.all([startAssistant(ofShim.env, 'rose'), startClient(ofClient.env, 'ada')])
  expect(shim.transport.pid).toBeGreaterThan(0)
  for (const { home } of [ofShim, ofClient]) {
    const parent = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(hubProcess(home))], { encoding: 'utf8' }))
    expect(parent).toBeGreaterThan(0)
    expect([process.pid, shim.transport.pid]).not.toContain(parent)
  }
})

test('a hub that is killed is started again, its clients come back by themselves, and mail flows', async () => {
  const { home, env } = homeWithHub()
  const clients = await Promise.all(['ada', 'bea', 'cleo'].map((name) => startClient(env, name)))
  const shim = await startAssistant(env, 'claude')
  const [ada, bea] = clients
  await ada!.client.send({ to: 'bea', content: 'before' })
  await bea!.untilMessages(1)

  const pid = hubProcess(home)!
  const returned = clients.map(({ next }) => next('attached'))
  process.kill(pid, 'SIGKILL')
  const attached = await Promise.all(returned)
  expect(attached.map(([{ name }]) => name)).toEqual(['ada', 'bea', 'cleo'])
  const successor = hubProcess(home)!
  expect(successor).not.toBe(pid)
  expect(isAlive(successor)).toBe(true)

  await ada!.client.send({ to: 'bea', content: 'after' })
  await bea!.untilMessages(2)
  expect(bea!.messages.map(({ content }) => content)).toEqual(['before', 'after'])
  await ada!.client.send({ to: 'claude', content: 'to the shim' })
  expect(await checkUntil(shim, 1)).toEqual(['to the shim'])
})

test('a client whose port belongs to the hub of another home starts a hub of its own, on its socket', async () => {
  const others = await startHubChild(homeWithHub().env)
  const { home, env } = homeWithHub({ BELLHOP_PORT: new URL(others.url).port })
  const rose = await startClient(env, 'rose')
  expect((await rose.client.request('status', {})).hub.online).toBe(1)
  expect(hubProcess(home)).not.toBe(others.pid)
  expect(isAlive(hubProcess(home)!)).toBe(true)
})

test('a client whose port belongs to another program starts a hub of its own, on its socket', async () => {
  const program = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  onTestFinished(() => void program.close())
  await once(program, 'listening')
  const { home, env } = homeWithHub({ BELLHOP_PORT: String((program.address() as AddressInfo).port) })
  const rose = await startClient(env, 'rose')
  expect((await rose.client.request('status', {})).hub.online).toBe(1)
  expect(isAlive(hubProcess(home)!)).toBe(true)
})

test('a hub started by hand on a home in use ends with exit code 3 and says who runs there', async () => {
  const { env } = homeWithHub()
  const hub = await startHubChild(env)
  const { code, stderr } = await failToStartHub(env)
  expect(code).toBe(3)
  expect(stderr).toContain(`It listens at ${hub.url} (process ${hub.pid})`)
  // The one that runs is none the worse for it.
  const rose = await startClient({ ...env, BELLHOP_URL: hub.url }, 'rose')
  expect((await rose.client.request('status', {})).hub.online).toBe(1)
})

test.each(['TCP', 'a Unix-domain socket'])('a conversation of two shims over %s', async (way) => {
  const { home, env } = homeWithHub()
  const hub = await startHubChild(env)
  const where = { ...env, BELLHOP_URL: way === 'TCP' ? hub.url : `unix:${join(home, 'hub.sock')}` }
  const [rose, claude] = await Promise.all([startAssistant(where, 'rose'), startAssistant(where, 'claude')])
  const question = resultOf(await rose.call('send', { to: 'claude', content: 'Is it done?' }))
  expect(await checkUntil(claude, 1)).toEqual(['Is it done?'])
  const report = 'It is done. '.repeat(2_000)
  await claude.call('send', { to: 'rose', content: report, replyTo: question.id })
  const [large] = (await rose.call('wait', { seconds: 10 })).structured['messages'] as { path: string; bytes: number }[]
  expect(large?.bytes).toBe(report.length)
  expect(readFileSync(large!.path, 'utf8')).toContain(report)
  const { receipts } = resultOf(await rose.call('receipts', { id: question.id }))
  expect(receipts[0]?.recipients).toMatchObject([{ name: 'claude', state: 'answered' }])
})
