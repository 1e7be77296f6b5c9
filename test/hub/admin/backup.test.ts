import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openAdmin } from '../../../agents/admin/admin.ts'
import { checkBackup } from '../../../agents/admin/backup-folder.ts'
import { readSettings } from '../../../agents/client/index.ts'
import { BlobStore } from '../../../hub/blobs.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { enter, say } from '../../support/wire.ts'

const adminOf = (hub: TestHub) => openAdmin(readSettings({ BELLHOP_HOME: hub.home.folder }))
const idle = (): void => undefined

test('a backup is whole while messages are sent: all that was acknowledged before it began is in it', async () => {
  const hub = await startTestHub({ mailboxDepth: 100_000 })
  const { peer: rose } = await enter(hub, 'rose')
  const acknowledged: string[] = []
  let number = 0
  const sendOne = async (): Promise<void> => {
    const { id } = await say(rose, 'claude', `message ${(number += 1)} ${'.'.repeat(2_000)}`)
    acknowledged.push(id)
  }
  await Promise.all(Array.from({ length: 400 }, sendOne))
  await say(rose, 'claude', 'large '.repeat(5_000))

  const before = [...acknowledged]
  const folder = join(temporaryFolder(), 'parents', 'backup')
  const steps: number[] = []
  const end = new AbortController()
  const traffic = (async () => {
    while (!end.signal.aborted) await Promise.all(Array.from({ length: 20 }, sendOne))
  })()
  const manifest = await adminOf(hub)
    .backUp(folder, ({ done }) => steps.push(done))
    .finally(() => end.abort())
  await traffic

  expect(acknowledged.length).toBeGreaterThan(before.length)
  expect(steps.length).toBeGreaterThan(0)
  expect(manifest).toMatchObject({ epoch: hub.epoch, agents: 1, blobs: { count: 1 } })
  expect(manifest.messages).toBeGreaterThan(before.length)
  const checked = await checkBackup(folder, idle)
  expect(checked).toMatchObject({ manifest, blobs: [expect.any(String) as string] })

  const copy = new Database(join(folder, 'bellhop.db'), { readonly: true })
  onTestFinished(() => void copy.close())
  const kept = new Set(copy.prepare<[], number>('SELECT seq FROM messages').pluck().all())
  expect(before.filter((id) => !kept.has(Number(id.split('-')[1])))).toEqual([])

  expect(readdirSync(folder).toSorted()).toEqual(['bellhop.db', 'blobs', 'manifest.json'])
  expect(readdirSync(join(folder, '..'))).toEqual(['backup'])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  for (const file of ['bellhop.db', 'manifest.json', join('blobs', checked.blobs[0]!)]) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  }
})

test('a folder that is there is left as it is, and a disk that takes nothing leaves nothing behind', async () => {
  const hub = await startTestHub()
  const parent = temporaryFolder()
  const folder = join(parent, 'kept')
  mkdirSync(folder)
  await expect(adminOf(hub).backUp(folder, idle)).rejects.toMatchObject({
    message: expect.stringContaining('is there already') as string,
    next: expect.any(String) as string,
  })
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(parent, 'file'), '')
  await expect(adminOf(hub).backUp(join(parent, 'file', 'backup'), idle)).rejects.toThrow('could not be made: E')
  expect(readdirSync(parent).toSorted()).toEqual(['file', 'kept'])
})

test('two backups at once: one is made, the other refused whole', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  await Promise.all(Array.from({ length: 300 }, () => say(rose, 'claude', 'x'.repeat(9_000))))
  const parent = temporaryFolder()
  const results = await Promise.allSettled(['a', 'b'].map((name) => adminOf(hub).backUp(join(parent, name), idle)))
  const made = results.filter(({ status }) => status === 'fulfilled').length
  expect(readdirSync(parent)).toHaveLength(made)
  expect(made).toBeGreaterThan(0)
  for (const name of readdirSync(parent)) await checkBackup(join(parent, name), idle)
})

test('a hub that closes in the middle of a backup leaves no half of one, and a sound ledger', async () => {
  const hub = await startTestHub()
  const { peer: rose } = await enter(hub, 'rose')
  await Promise.all(Array.from({ length: 900 }, () => say(rose, 'claude', 'x'.repeat(9_000))))
  const parent = temporaryFolder()
  const begun = Promise.withResolvers<void>()
  const backup = adminOf(hub).backUp(join(parent, 'backup'), () => begun.resolve())
  const [result] = await Promise.all([
    backup.then(
      () => 'made',
      () => 'failed',
    ),
    begun.promise.then(() => hub.close()),
  ])
  expect(readdirSync(parent)).toEqual(result === 'made' ? ['backup'] : [])
  const again = await startTestHub({ home: hub.home.folder })
  expect(again.epoch).toBe(hub.epoch)
})

test('a blob is not removed while a backup wants it, and is afterwards', async () => {
  const folder = temporaryFolder()
  const blobs = new BlobStore(folder)
  const { handle } = await blobs.storeText('text')
  const release = blobs.hold()
  await blobs.remove(handle)
  await blobs.copy(handle, join(folder, 'copy'))
  expect(readFileSync(join(folder, 'copy'), 'utf8')).toBe('text')
  release()
  await blobs.remove(handle)
  expect(existsSync(join(folder, handle))).toBe(false)
})
