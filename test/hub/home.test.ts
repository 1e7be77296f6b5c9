import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { prepareHome, readPrivately, writePrivately } from '../../hub/home.ts'
import { openAdmin } from '../../agents/admin/admin.ts'
import { readSettings } from '../../agents/client/index.ts'
import { startHubChild } from '../support/hub-child.ts'
import { skipWhere } from '../support/skipping.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { enter, say } from '../support/wire.ts'

test("[S-1] all that a hub makes in its home is its user's alone, whatever the shell allows", async () => {
  const home = join(temporaryFolder(), 'home')
  // The loosest that a user may have set; children inherit it.
  const before = process.umask(0)
  const hub = await startHubChild({ BELLHOP_HOME: home, BELLHOP_PORT: '0' }).finally(() => process.umask(before))
  const { peer } = await enter({ url: hub.url, home: { folder: home } }, 'rose')
  await say(peer, 'barney', 'large '.repeat(5_000))
  await openAdmin(readSettings({ BELLHOP_HOME: home })).rotateSecret({ graceSeconds: 60 })
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).map((path) => join(home, path))
  expect(files.length).toBeGreaterThan(6)
  const open = [home, ...files].filter((path) => (lstatSync(path).mode & 0o077) !== 0)
  expect(open).toEqual([])
})

test('[S-1] a home that is open to others is closed before anything is put into it', () => {
  const folder = temporaryFolder()
  const home = join(folder, 'home')
  mkdirSync(home, { mode: 0o777 })
  prepareHome(home)
  expect(statSync(home).mode & 0o777).toBe(0o700)
})

test("[S-1] a home that is somebody else's is refused: its owner could put a secret into it", (context) => {
  if (process.getuid?.() !== 0) skipWhere('only root can use a folder of another user', context)
  const folder = temporaryFolder()
  // Root may write anywhere, which is how a hub of root could be led into a folder of somebody else.
  const home = join(folder, 'home')
  mkdirSync(home, { mode: 0o700 })
  chownSync(home, 12_345, 12_345)
  expect(() => prepareHome(home)).toThrow(/belongs to the user with the number 12345.*Set BELLHOP_HOME/)
})

test('a link that waits where the secret is written is replaced, and what it leads to is left alone', () => {
  const folder = temporaryFolder()
  const [precious, file] = [join(folder, 'precious'), join(folder, 'secret')]
  writeFileSync(precious, 'untouched')
  symlinkSync(precious, `${file}.new`)
  symlinkSync(precious, file)
  writePrivately(file, 'a secret\n')
  expect(readFileSync(precious, 'utf8')).toBe('untouched')
  expect(lstatSync(file).isFile()).toBe(true)
  expect(readPrivately(file)).toBe('a secret')
  expect(statSync(file).mode & 0o777).toBe(0o600)
})
