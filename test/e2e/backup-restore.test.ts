import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { BackupManifest } from '../../protocol/index.ts'
import { User } from '../agents/cli/user.ts'
import { readAll, startClient } from '../support/clients.ts'
import { hubProcess } from '../support/processes.ts'

type Restored = BackupManifest & { readonly before: string; readonly epoch: string; readonly folder: string }

test('a backup that is made while mail goes on is restored under open sessions, which get what it holds', async () => {
  const user = new User({ BELLHOP_MAILBOX_DEPTH: '100000' })
  const rose = await startClient(user.env, 'rose')
  const claude = await startClient(user.env, 'claude')
  const body = 'A large one. It is kept whole. '.repeat(1_000)
  await rose.client.send({ to: 'claude', content: body })
  const early = await Promise.all(
    Array.from({ length: 200 }, (_, number) => rose.client.send({ to: 'claude', content: `early ${number}` })),
  )
  const end = new AbortController()
  const traffic = (async () => {
    for (let number = 0; !end.signal.aborted; number += 1)
      await rose.client.send({ to: 'claude', content: `meanwhile ${number}` })
  })()
  const made = await user.types('bellhop backup ./kept --json').finally(() => end.abort())
  await traffic
  expect(made).toMatchObject({ code: 0, problem: '' })
  const manifest = JSON.parse(made.output) as Restored
  expect(manifest).toMatchObject({ agents: 2, blobs: { count: 1 }, folder: join(user.cwd, 'kept') })
  expect(manifest.messages).toBeGreaterThan(early.length)

  await rose.client.send({ to: 'claude', content: 'after the backup' })
  await rose.client.register({ name: 'rose' })
  const former = hubProcess(user.home)!
  const back = Promise.all([rose.next('attached'), claude.next('attached')])
  // What comes behind this is what the restored ledger holds.
  let before = 0
  claude.client.on('reset', () => (before = claude.messages.length))
  const restored = await user.types('bellhop restore ./kept --yes --json')
  expect(restored).toMatchObject({ code: 0, problem: '' })
  const report = JSON.parse(restored.output) as Restored
  expect(report).toMatchObject({ messages: manifest.messages, agents: 2 })
  expect(report.epoch).not.toBe(manifest.epoch)
  expect(hubProcess(user.home)).not.toBe(former)

  const [, [attached]] = await back
  expect(attached).toMatchObject({ recovered: false, epoch: report.epoch, waiting: manifest.messages })
  await readAll(claude, before, manifest.messages)
  const contents = claude.messages.slice(before).map(({ content }) => content)
  expect(contents.slice(1, 201)).toEqual(early.map((_, number) => `early ${number}`))
  expect(contents).not.toContain('after the backup')
  const large = claude.messages[before]!.blob!
  expect(Buffer.from(await claude.client.download(large)).toString()).toBe(body)
  const fresh = await rose.client.send({ to: 'claude', content: 'after the restore' })
  expect(fresh.id.startsWith(report.epoch)).toBe(true)

  // What was there before is whole, and can be gone back to.
  expect(readdirSync(report.before)).toEqual(expect.arrayContaining(['bellhop.db', 'bellhop.db.witness', 'blobs']))
  expect(existsSync(join(user.home, 'restore'))).toBe(false)
})

test('a home that was lost comes back from a backup and the keys', async () => {
  const user = new User()
  await user.types('bellhop register anna')
  await user.types('bellhop send --as anna bob hello')
  await user.types('bellhop backup ./kept')
  await user.types('bellhop down')
  for (const name of readdirSync(user.home)) {
    if (name.startsWith('bellhop.db') || name === 'blobs') rmSync(join(user.home, name), { recursive: true })
  }
  const restored = await user.types('bellhop restore ./kept --yes')
  expect(restored).toMatchObject({ code: 0, problem: '' })
  expect(restored.output).toContain('Restored 1 message and 1 agent')
  expect((await user.types('bellhop check --as bob')).output).toContain('hello')
})

test('a ledger that is damaged, so that no hub starts, is replaced', async () => {
  const user = new User()
  await user.types('bellhop send --as anna bob hello')
  await user.types('bellhop backup ./kept')
  await user.types('bellhop down')
  writeFileSync(join(user.home, 'bellhop.db'), 'damaged '.repeat(1_000))
  const restored = await user.types('bellhop restore ./kept --yes --json')
  expect(restored).toMatchObject({ code: 0 })
  const { before } = JSON.parse(restored.output) as Restored
  expect(readFileSync(join(before, 'bellhop.db'), 'utf8')).toMatch(/^damaged /)
  expect((await user.types('bellhop check --as bob')).output).toContain('hello')
})

describe('a restore that cannot be', () => {
  const spoiled: readonly [string, (folder: string) => void, RegExp][] = [
    ['a folder that is none', (folder) => rmSync(folder, { recursive: true }), /is no backup of Bellhop/],
    [
      'a manifest that is damaged',
      (folder) => writeFileSync(join(folder, 'manifest.json'), '{}'),
      /manifest .* damaged/,
    ],
    [
      'a newer form',
      (folder) => {
        const file = join(folder, 'manifest.json')
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"form": \d+/, '"form": 99'))
      },
      /newer Bellhop \(form 99/,
    ],
    ['a database that was changed', (folder) => flipByte(join(folder, 'bellhop.db')), /SHA-256 differs/],
    ['a database that was cut', (folder) => truncateSync(join(folder, 'bellhop.db'), 4_096), /SHA-256 differs/],
    ['a blob that is missing', (folder) => rmSync(join(folder, 'blobs'), { recursive: true }), /not complete/],
    [
      'a blob that was changed',
      (folder) => flipByte(join(folder, 'blobs', readdirSync(join(folder, 'blobs'))[0]!)),
      /is damaged: its SHA-256 differs/,
    ],
  ]

  test('says why, for every kind of damage, and changes nothing', async () => {
    const user = new User()
    await user.types(`printf '%20000s' x | bellhop send --as anna bob -`)
    await user.types('bellhop backup ./kept')
    const hub = hubProcess(user.home)
    const before = readdirSync(user.home)
    for (const [what, spoil, words] of spoiled) {
      const folder = join(user.cwd, 'spoiled')
      rmSync(folder, { recursive: true, force: true })
      cpSync(join(user.cwd, 'kept'), folder, { recursive: true })
      spoil(folder)
      const refused = await user.types('bellhop restore ./spoiled --yes')
      expect([what, refused.code]).toEqual([what, 5])
      expect(refused.problem).toMatch(words)
    }
    const unasked = await user.types('bellhop restore ./kept')
    expect(unasked.code).toBe(4)
    expect(unasked.problem).toContain('--yes')
    const remote = await user.types('BELLHOP_URL=ws://127.0.0.1:1 bellhop restore ./kept --yes')
    expect(remote).toMatchObject({ code: 1, problem: expect.stringContaining('Unset BELLHOP_URL') as string })
    expect(readdirSync(user.home)).toEqual(before)
    expect(hubProcess(user.home)).toBe(hub)
  })
})

function flipByte(file: string): void {
  const bytes = readFileSync(file)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = bytes[middle]! ^ 0xff
  writeFileSync(file, bytes)
}
