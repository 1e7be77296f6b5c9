import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientError } from '../../../agents/client/client.ts'
import { safeBaseName, saveMail } from '../../../agents/mail/files.ts'
import { message } from './fake-client.ts'
import { rig, shownIds, structured, temporaryFolder, text } from './rig.ts'

const handle = 'b'.repeat(21)

function blob(fields = {}) {
  return { handle, size: 20_000, sha256: '0'.repeat(64), mediaType: 'text/markdown', ...fields }
}

test('a large message: summary, size, and the path of a file on this machine', async () => {
  const { call, client, home } = await rig()
  client.blobs.set(handle, Buffer.from('the whole text \u001B[31m'))
  const mail = message({ content: 'A summary.', blob: blob() })
  client.emit('message', mail)
  const result = await call('list_instances')
  const path = structured(result).messages?.[0]?.path ?? ''
  expect(path).toBe(join(home, 'mail', 'claude', `20261122T115900Z-rose-${mail.id}.md`))
  expect(text(result)).toContain('A summary.')
  expect(text(result)).toContain(`large message of 20 KiB, below is its summary, whole in the file "${path}"`)
  const written = await readFile(path, 'utf8')
  expect(written).toMatch(/- From: rose\n- To: claude\n- Time: 2026-11-22T11:59:00.000Z\n- Size: \d+ bytes/)
  expect(written).toMatch(/\n---\n\nthe whole text \n$/)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700)
})

test('a shared file keeps its bytes, and its name without a path', async () => {
  const { call, client, home } = await rig()
  const bytes = Buffer.from([0, 255, 10, 13])
  client.blobs.set(handle, bytes)
  const mail = message({ content: 'Look.', blob: blob({ fileName: '../../.ssh/id rsa' }) })
  client.emit('message', mail)
  const path = structured(await call('list_instances')).messages?.[0]?.path ?? ''
  expect(path).toBe(join(home, 'mail', 'claude', `${mail.id}-id_rsa`))
  expect(await readFile(path)).toEqual(bytes)
})

test('nothing is ever overwritten', async () => {
  const home = await temporaryFolder()
  const mail = message({ blob: blob({ fileName: 'a.txt' }) })
  const place = { home, owner: 'claude', message: mail }
  const folder = join(home, 'mail', 'claude')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${mail.id}-a.txt`), 'mine')
  const path = await saveMail({ ...place, bytes: Buffer.from('theirs') })
  expect(await readFile(join(folder, `${mail.id}-a.txt`), 'utf8')).toBe('mine')
  expect(await readFile(path, 'utf8')).toBe('theirs')
  expect(await saveMail({ ...place, bytes: Buffer.from('theirs') })).toBe(path)
  expect(await readdir(folder)).toHaveLength(2)
})

test('a file name of a peer is a plain file name here', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const safe = safeBaseName(name)
      expect(safe).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u)
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200)
    }),
  )
  expect(['..', '/', '', '.bashrc', 'C:\\x\\y.txt', 'résumé.pdf'].map(safeBaseName)).toEqual([
    'file',
    'file',
    'file',
    'bashrc',
    'y.txt',
    'résumé.pdf',
  ])
})

test('[D-2] when the body cannot be had, the message stays unread and the result says so', async () => {
  const { call, client } = await rig()
  client.blobs.set(handle, new ClientError({ reason: 'hub_unreachable', message: 'No hub answers.', next: 'Wait.' }))
  const [large, small] = [message({ blob: blob() }), message()]
  client.emit('message', large)
  client.emit('message', small)
  const result = await call('list_instances')
  expect(shownIds(result)).toEqual([small.id])
  expect(text(result)).toContain(`The body of message ${large.id} from rose could not be fetched (No hub answers.)`)
  client.blobs.set(handle, Buffer.from('now'))
  expect(shownIds(await call('list_instances'))).toEqual([large.id])
})

test('a download has a time limit', async () => {
  const { call, client, clock } = await rig()
  const mail = message({ blob: blob() })
  client.emit('message', mail)
  const asked = client.next('download')
  const result = call('list_instances')
  await asked
  clock.advance(10_000)
  expect(shownIds(await result)).toEqual([])
  expect(text(await result)).toContain('could not be fetched')
})

test('[D-2] cancelled during the download, the message stays unread', async () => {
  const { call, client } = await rig()
  const mail = message({ blob: blob() })
  client.emit('message', mail)
  const abort = new AbortController()
  const asked = client.next('download')
  const cancelled = call('list_instances', {}, { signal: abort.signal }).catch(() => 'cancelled')
  await asked
  abort.abort()
  expect(await cancelled).toBe('cancelled')
  client.blobs.set(handle, Buffer.from('now'))
  expect(shownIds(await call('list_instances'))).toEqual([mail.id])
})
