import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memoryKeys, storedKeys, type Keys, type TextStorage } from '../../../agents/client/keys.ts'
import { openKeys } from '../../../agents/client/node/keys.ts'
import { startClient, startHub, temporaryHome } from './harness.ts'
import { attached } from './fake-hub.ts'

const local = (): undefined => undefined

test('a key is 32 random bytes in a 0600 file of a 0700 folder [S-3]', () => {
  const home = temporaryHome()
  const { key, made } = openKeys(home, local).obtain('Rose')
  expect(made).toBe(true)
  expect(Buffer.from(key, 'base64url')).toHaveLength(32)
  expect(statSync(join(home, 'keys')).mode & 0o777).toBe(0o700)
  expect(statSync(join(home, 'keys', 'rose')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(home, 'keys'))).toEqual(['rose'])
})

/** Both ways to keep keys; `open` gives those of a hub, from what was kept before. */
const kinds = [
  { kind: 'files', start: filesForKeys },
  { kind: 'a storage', start: storageForKeys },
]

describe.each(kinds)('keys in $kind', ({ start }) => {
  test('one key for each name, whatever its case [P-7], and for each hub', () => {
    const open = start()
    const { key, made } = open(undefined).obtain('rose')
    expect(made).toBe(true)
    expect(Buffer.from(key, 'base64url')).toHaveLength(32)
    expect(Buffer.from(key, 'base64url').toString('base64url')).toBe(key)
    expect(open(undefined).obtain('ROSE')).toEqual({ key, made: false })
    expect(open(undefined).obtain('iris').key).not.toBe(key)
    expect(open('ws%3A%2F%2Felsewhere').obtain('rose').key).not.toBe(key)
  })

  test('a renamed key goes with its owner and replaces what the new name had; a removed one is gone', () => {
    const keys = start()(undefined)
    const { key } = keys.obtain('rose')
    keys.obtain('tulip')
    keys.move('rose', 'tulip')
    expect(keys.obtain('tulip')).toEqual({ key, made: false })
    expect(keys.obtain('rose').made).toBe(true)
    keys.move('tulip', 'Tulip')
    expect(keys.obtain('tulip').key).toBe(key)
    keys.move('nobody', 'tulip')
    expect(keys.obtain('tulip').key).toBe(key)
    keys.remove('tulip')
    expect(keys.obtain('tulip').made).toBe(true)
  })
})

test("keys in memory are a program's own", () => {
  const { key } = memoryKeys().obtain('rose')
  expect(memoryKeys().obtain('rose').key).not.toBe(key)
})

test('a storage that is full or forbidden, or holds a damaged key, is reported with a next step', () => {
  const entries = new Map<string, string>()
  const storage = storageOver(entries)
  storedKeys(storage, 'here').obtain('rose')
  for (const name of entries.keys()) entries.set(name, 'half a k')
  expect(() => storedKeys(storage, 'here').obtain('rose')).toThrow(/damaged/)
  expect([...entries.values()]).toEqual(['half a k'])
  const full = {
    ...storage,
    setItem: () => {
      throw new Error('QuotaExceededError')
    },
  }
  const failure = catchError(() => storedKeys(full, 'here').obtain('iris'))
  expect(failure).toMatchObject({ name: 'ClientError', next: expect.stringMatching(/\S/) })
  expect(failure.message).toContain('QuotaExceededError')
})

test('a damaged key is reported and never replaced', () => {
  const home = temporaryHome()
  const keys = openKeys(home, local)
  keys.obtain('rose')
  writeFileSync(join(home, 'keys', 'rose'), 'half a k')
  expect(() => keys.obtain('rose')).toThrow(/damaged/)
  expect(readFileSync(join(home, 'keys', 'rose'), 'utf8')).toBe('half a k')
})

test('processes that race for one name read one key', async () => {
  const home = temporaryHome()
  const start = Date.now() + 1_500
  const racing = Array.from({ length: 4 }, () => obtainElsewhere(home, start))
  const keys = (await Promise.all(racing)).map((line) => line.split('\n'))
  expect(keys[0]).toHaveLength(200)
  for (const other of keys.slice(1)) expect(other).toEqual(keys[0])
})

test('the key that was made for a name which turns out to be taken is not kept', async () => {
  const hub = await startHub()
  const home = temporaryHome()
  const { client } = startClient({ address: hub.address, home })
  hub.rules.register = ({ refuse }) => refuse('name_taken')
  await expect(client.register({ name: 'rose' })).rejects.toMatchObject({ reason: 'name_taken' })
  hub.rules.register = ({ answer }) => answer(attached())
  await client.register({ name: 'rose' })
  hub.rules.register = ({ refuse }) => refuse('name_in_use')
  await expect(client.register({ name: 'rose' })).rejects.toMatchObject({ reason: 'name_in_use' })
  const [refused, accepted, later] = hub.all('register').map(({ key }) => key)
  expect(accepted).not.toBe(refused)
  expect(later).toBe(accepted)
})

type Start = () => (hub: string | undefined) => Keys

function filesForKeys(): ReturnType<Start> {
  const home = temporaryHome()
  return (hub) => openKeys(home, () => hub)
}

function storageForKeys(): ReturnType<Start> {
  const storage = storageOver(new Map())
  return (hub = 'here') => storedKeys(storage, hub)
}

/** As `localStorage` does it. */
function storageOver(entries: Map<string, string>): TextStorage {
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  }
}

function catchError(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

/** The keys of two hundred names, as another process reads or makes them from the given time on. */
async function obtainElsewhere(home: string, start: number): Promise<string> {
  const source = `
    import { openKeys } from ${JSON.stringify(new URL('../../../agents/client/node/keys.ts', import.meta.url).href)}
    const keys = openKeys(${JSON.stringify(home)}, () => undefined)
    while (Date.now() < ${start});
    console.log(Array.from({ length: 200 }, (_, n) => keys.obtain('name-' + n).key).join('\\n'))
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await new Promise((resolve) => child.once('close', resolve))
  return output.trim()
}
