import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startClient } from '../support/clients.ts'
import { startHubChild } from '../support/hub-child.ts'
import { homeWithHub } from '../support/hub-process.ts'
import { temporaryFolder } from '../support/teardown.ts'

/** A home whose hub is started and stopped by hand, and clients that do not start one. */
function homeByHand() {
  const { home, env } = homeWithHub()
  const database = join(home, 'bellhop.db')
  const copy = join(temporaryFolder(), 'copy.db')
  return {
    start: () => startHubChild(env),
    clientEnv: { BELLHOP_HOME: home, BELLHOP_URL: `unix:${join(home, 'hub.sock')}` },
    /** Of a hub that is stopped. */
    backUp: () => copyFileSync(database, copy),
    restore() {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true })
      copyFileSync(copy, database)
    },
    hasWitness: () => existsSync(`${database}.witness`),
  }
}

test('[P-12] an older copy of the database has another epoch: clients drop what they hold and get what it holds', async () => {
  const home = homeByHand()
  let hub = await home.start()
  const rose = await startClient(home.clientEnv, 'rose')
  const claude = await startClient(home.clientEnv, 'claude')
  const old = await rose.client.send({ to: 'claude', content: 'in the copy' })
  await claude.untilMessages(1)
  const before = await claude.client.request('status', {})
  await hub.end('SIGTERM')
  home.backUp()

  let back = Promise.all([rose.next('attached'), claude.next('attached')])
  hub = await home.start()
  const [[{ epoch }]] = await back
  expect(epoch).toBe(before.hub.epoch)
  // What the copy will know nothing of: an acknowledgement, and another message.
  await claude.client.ack([old.id], 'shown', 'fetch')
  const lost = await rose.client.send({ to: 'claude', content: 'not in the copy' })
  await claude.untilMessages(2)
  expect(claude.resets()).toBe(0)
  await hub.end('SIGTERM')
  expect(home.hasWitness()).toBe(true)
  home.restore()

  back = Promise.all([rose.next('attached'), claude.next('attached')])
  await home.start()
  const [, [attached]] = await back
  expect(attached).toMatchObject({ recovered: false, waiting: 1 })
  expect(attached.epoch).not.toBe(before.hub.epoch)
  expect(claude.resets()).toBe(1)
  await claude.untilMessages(3)
  expect(claude.messages.map(({ content }) => content)).toEqual(['in the copy', 'not in the copy', 'in the copy'])
  expect(claude.messages[2]!.id).toBe(old.id)

  const fresh = await rose.client.send({ to: 'claude', content: 'after the restore' })
  expect([old.id, lost.id]).not.toContain(fresh.id)
  await claude.untilMessages(4)
  expect(claude.messages[3]).toMatchObject({ id: fresh.id, content: 'after the restore' })
  await claude.client.ack([old.id, fresh.id], 'shown', 'fetch')
  expect((await claude.client.request('status', {})).agent?.waiting).toBe(0)
})

test('[P-12] a client that comes back to the same ledger gets nothing twice', async () => {
  const home = homeByHand()
  let hub = await home.start()
  const rose = await startClient(home.clientEnv, 'rose')
  const claude = await startClient(home.clientEnv, 'claude')
  await rose.client.send({ to: 'claude', content: 'held, not acknowledged' })
  await claude.untilMessages(1)
  for (const signal of ['SIGTERM', 'SIGKILL', 'SIGKILL'] as const) {
    await hub.end(signal)
    const back = Promise.all([rose.next('attached'), claude.next('attached')])
    hub = await home.start()
    const [, [attached]] = await back
    expect(attached).toMatchObject({ recovered: true, waiting: 1 })
  }
  // Whatever was pushed before this has come before it.
  await rose.client.send({ to: 'claude', content: 'marker' })
  await claude.untilMessages(2)
  expect(claude.messages.map(({ content }) => content)).toEqual(['held, not acknowledged', 'marker'])
  expect(claude.resets()).toBe(0)
})
