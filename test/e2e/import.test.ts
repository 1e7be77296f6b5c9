import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openAdmin, type Admin } from '../../agents/admin/admin.ts'
import { readSettings } from '../../agents/client/index.ts'
import { openKeys } from '../../agents/client/node/keys.ts'
import { isListening } from '../../agents/migrate/broker.ts'
import { importClaudeIpc } from '../../agents/migrate/import.ts'
import type { ImportReport } from '../../agents/migrate/report.ts'
import { User } from '../agents/cli/user.ts'
import { readAll, startClient } from '../support/clients.ts'
import { startTestHub } from '../support/hub.ts'
import { oldTime, writeLargeFile, writeOldDatabase, type OldRow } from '../support/old-database.ts'
import { checkUntil, startAssistant, textsIn } from '../support/shims.ts'
import { temporaryFolder } from '../support/teardown.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const total = 10_000
/** More than a mailbox here may hold. */
const unreadOfFred = 1_500
const bodyOf = (number: number): string => `Large ${number}. It goes on. ${'lorem ipsum '.repeat(1_200)}`

/** Everything that can be wrong with a row, and the words with which it is named. */
function brokenRows(folder: string): { rows: Partial<OldRow>[]; left: [RegExp, number][] } {
  const twice = writeLargeFile(folder, 'twice.md', bodyOf(99))
  const missing = join(folder, 'large-messages', 'missing.md')
  return {
    rows: [
      ...Array.from({ length: 4 }, () => ({ content: null })),
      ...Array.from({ length: 3 }, () => ({ content: 'Summary.', large_file_path: missing })),
      { content: 'Summary.', large_file_path: '/etc/passwd' },
      { content: 'Summary.', large_file_path: '../../../../../../etc/passwd' },
      { content: 'Overwritten.', large_file_path: twice },
      { content: 'Whole.', large_file_path: twice },
      { to_id: 'x'.repeat(33) },
      { from_id: 'two words' },
      { to_id: 'all' },
      { from_id: 'bellhop' },
      { content: Buffer.from([0xff, 0xfe]) },
    ],
    left: [
      [/it has no content$/, 4],
      [/its large file is missing$/, 3],
      [/lies outside large-messages, and was not read$/, 2],
      [/was overwritten by message \d+$/, 1],
      [/is no valid name here$/, 2],
      [/is reserved here$/, 2],
      [/its content is no text$/, 1],
    ],
  }
}

/** A data folder with 10,000 messages. */
function oldWorld() {
  const folder = join(temporaryFolder(), '.claude-ipc-data')
  const begin = Date.now() - 20 * day
  const { rows: broken, left } = brokenRows(folder)
  const large = Array.from({ length: 12 }, (_, number) => ({
    to_id: 'barney',
    content: `Large ${number}. It goes on. Full content saved to: somewhere`,
    large_file_path: writeLargeFile(folder, `large-${number}.md`, bodyOf(number)),
    data: JSON.stringify({ large_message_file: 'somewhere', original_size_kb: 14.1, number }),
  }))
  const special: Partial<OldRow>[] = [
    ...broken,
    ...large,
    { to_id: 'barney', content: 'bad JSON', data: '{"half":' },
    { to_id: 'barney', content: 'a list', data: '[1,2]' },
    { to_id: 'barney', content: 'no time', timestamp: 'yesterday' },
    { to_id: 'barney', from_id: 'ghost', content: 'from nobody', data: '{"a":1}' },
    { to_id: 'wilma-1', content: 'to the first name' },
    { to_id: 'wilma-2', content: 'to the second name' },
    { to_id: 'wilma', content: 'to the present name' },
    { to_id: 'later', content: 'for whoever comes' },
    { to_id: 'betty', content: 'for whoever has it here' },
  ]
  const history = Array.from({ length: total - unreadOfFred - special.length }, (_, number) => ({
    from_id: number % 2 ? 'fred' : 'barney',
    to_id: number % 2 ? 'barney' : 'fred',
    content: `read ${number}`,
    read_flag: 1,
  }))
  const unread = Array.from({ length: unreadOfFred }, (_, number) => ({ to_id: 'fred', content: `unread ${number}` }))
  const messages = [...history, ...unread, ...special].map((row, index) => ({
    from_id: 'anna',
    to_id: 'barney',
    content: `row ${index}`,
    timestamp: oldTime(begin + index * 100_000),
    ...row,
  }))
  const seen = (ago: number): string => oldTime(Date.now() - ago)
  writeOldDatabase(folder, {
    messages,
    instances: {
      anna: seen(3 * day),
      fred: seen(2 * day),
      barney: seen(hour),
      betty: seen(day),
      wilma: seen(minute),
      bam: seen(hour),
      hub: seen(hour),
    },
    renames: [
      ['wilma-1', 'wilma-2', oldTime(Date.now() - 2 * minute)],
      ['wilma-2', 'wilma', oldTime(Date.now() - minute)],
      ['bam', 'bamm-bamm', seen(30 * minute)],
      ['a b', 'c', seen(day)],
    ],
  })
  const broughtLarge = large.length + 1
  const lost = left.reduce((sum, [, count]) => sum + count, 0)
  const waiting = unreadOfFred + special.length - lost
  return { folder, begin, left, lost, waiting, read: history.length, broughtLarge }
}

describe('10,000 messages of claude-ipc-mcp', () => {
  test('come over as far as they can, once, and the rest is named; their readers have them in order', async () => {
    const old = oldWorld()
    const user = new User()
    await user.types('bellhop up')
    const url = `unix:${join(user.home, 'hub.sock')}`
    const secret = readFileSync(join(user.home, 'secret'), 'utf8').trim()
    // Somebody else, whose keys are not this user's.
    const stranger = { BELLHOP_URL: url, BELLHOP_SECRET: secret, BELLHOP_HOME: temporaryFolder() }
    const betty = await startClient(stranger, 'betty')

    const line = `bellhop import claude-ipc --from ${old.folder} --json`
    const dry = await user.types(`${line} --dry-run`)
    expect(dry).toMatchObject({ code: 1 })
    const preview = JSON.parse(dry.output) as ImportReport
    expect(readdirSync(user.home)).not.toContain('keys')

    const first = await user.types(line)
    expect(first).toMatchObject({ code: 1 })
    const report = JSON.parse(first.output) as ImportReport
    const messages = { waiting: old.waiting, read: old.read, large: old.broughtLarge, known: 0 }
    expect(report).toMatchObject({ messages, names: { registered: 5, known: 0, taken: 1 } })
    expect(preview).toMatchObject({ messages, names: { registered: 5, known: 1 }, left: report.left })
    expect(old.waiting + old.read + old.lost).toBe(total)
    for (const [words, count] of old.left) {
      const named = report.left.filter(({ what, why }) => what.startsWith('message') && words.test(why))
      expect([String(words), named.length]).toEqual([String(words), count])
    }
    expect(report.left).toHaveLength(old.lost + 2)
    expect(report.left).toContainEqual({ what: 'the name "hub"', why: 'the name "hub" is reserved here' })
    expect(report.left).toContainEqual({ what: 'the rename of "a b" to "c"', why: '"a b" is no valid name here' })
    expect(report.remarks.map(({ remark }) => remark)).toEqual(
      expect.arrayContaining([
        'somebody else has it here, and gets its mail',
        'its time cannot be read; that of the message before it stands in',
        'its data cannot stand as data here, and stands behind its text',
        'it forwards to "bamm-bamm" for the rest of its two hours',
      ]),
    )

    const again = JSON.parse((await user.types(line)).output) as ImportReport
    expect(again).toMatchObject({
      messages: { waiting: 0, read: 0, large: 0, known: total - old.lost },
      names: { registered: 0, known: 5, taken: 1 },
      left: report.left,
    })

    const fred = await startClient(user.env, 'fred')
    expect(fred.client.registration?.name).toBe('fred')
    const order = Array.from({ length: unreadOfFred }, (_, number) => `unread ${number}`)
    await readAll(fred, 0, order.length)
    expect(fred.messages.map(({ content }) => content)).toEqual(order)
    expect(fred.messages[0]).toMatchObject({ from: 'anna', to: 'fred' })
    // Local time there, to the millisecond; 30 days to live from now on.
    expect(Date.parse(fred.messages[0]!.sentAt)).toBe(old.begin + old.read * 100_000)
    expect(Date.parse(fred.messages[0]!.expiresAt)).toBeGreaterThan(Date.now() + 29 * day)
    const { messages: history } = await fred.client.request('history', { with: 'barney', limit: 1 })
    expect(history[0]?.content).toMatch(/^read \d+$/)

    await betty.untilMessages(1)
    expect(betty.messages.map(({ content }) => content)).toEqual(['for whoever has it here'])
    const wilma = await startClient(user.env, 'wilma')
    await wilma.untilMessages(3)
    expect(wilma.messages.map(({ content }) => content)).toEqual([
      'to the first name',
      'to the second name',
      'to the present name',
    ])
    const { agents } = await wilma.client.request('list', {})
    const barneySeen = agents.find(({ name }) => name === 'barney')!.lastSeenAt
    expect(Math.abs(Date.now() - hour - Date.parse(barneySeen))).toBeLessThan(10 * minute)

    // Renamed half an hour ago: the old name forwards here as well.
    const { outlook } = await fred.client.send({ to: 'bam', content: 'forwarded' })
    expect(outlook).toMatchObject({ kind: 'away', name: 'bamm-bamm', forwardedFrom: 'bam' })
    await fred.client.send({ to: '#all', content: 'a broadcast' })

    // A shim, with the large ones as files on its machine.
    const barney = await startAssistant(user.env)
    const shown = textsIn(await barney.call('register', { name: 'barney' }))
    const texts = [...shown, ...(await checkUntil(barney, old.broughtLarge + 4 + 1 - shown.length))]
    expect(texts.slice(-5)).toEqual([
      'bad JSON\n\nData of this message, as it was stored:\n{"half":',
      'a list\n\nData of this message, as it was stored:\n[1,2]',
      'no time',
      expect.stringContaining('from nobody') as string,
      'a broadcast',
    ])
    const files = readdirSync(join(user.home, 'mail', 'barney')).toSorted()
    const bodies = files.map((file) => readFileSync(join(user.home, 'mail', 'barney', file), 'utf8'))
    expect(bodies.filter((body) => body.includes(bodyOf(7)))).toHaveLength(1)
    expect(bodies).toHaveLength(old.broughtLarge)
  }, 120_000)
})

/** An import by hand, into a hub of this test. */
async function importer(rows: readonly OldRow[]) {
  const folder = temporaryFolder()
  writeOldDatabase(folder, { messages: rows, instances: { fred: oldTime(Date.now()) } })
  const hub = await startTestHub()
  const home = hub.home.folder
  const admin = openAdmin(readSettings({ BELLHOP_HOME: home }))
  const keys = openKeys(home, () => undefined)
  const run = (through: Admin | undefined = admin): Promise<ImportReport> =>
    importClaudeIpc({ folder, admin: through, keys, dryRun: false, now: Date.now(), onProgress: () => undefined })
  const reader = () => startClient({ BELLHOP_HOME: home, BELLHOP_URL: `unix:${join(home, 'hub.sock')}` }, 'fred')
  return { folder, admin, run, reader, home }
}

const rowsFor = (count: number, from = 0): OldRow[] =>
  Array.from({ length: count }, (_, number) => ({ from_id: 'anna', to_id: 'fred', content: `number ${from + number}` }))

test('an import that was cut off is finished by the next one, with nothing twice and nothing missing', async () => {
  const { admin, run, reader, folder } = await importer(rowsFor(900))
  for (const failAt of [1, 2]) {
    let batches = 0
    const lossy: Admin = {
      ...admin,
      async bringMessages(request) {
        const outcomes = await admin.bringMessages(request)
        // The hub has it on disk; its answer never comes.
        if ((batches += 1) === failAt) throw new Error('cut off')
        return outcomes
      },
    }
    await expect(run(lossy)).rejects.toThrow('cut off')
  }
  expect((await run()).messages).toEqual({ waiting: 300, read: 0, large: 0, known: 600 })
  writeOldDatabase(folder, { messages: rowsFor(3, 900) })
  expect((await run()).messages).toEqual({ waiting: 3, read: 0, large: 0, known: 900 })
  const fred = await reader()
  await readAll(fred, 0, 903)
  expect(fred.messages.map(({ content }) => content)).toEqual(rowsFor(903).map(({ content }) => content))
})

test('what was brought has receipts like other mail, for senders that are here', async () => {
  const { run, reader, home } = await importer([
    { from_id: 'fred', to_id: 'fred', content: 'to myself' },
    ...rowsFor(1),
  ])
  await run()
  const fred = await reader()
  await fred.untilMessages(2)
  await fred.client.ack([fred.messages[0]!.id], 'shown', 'fetch')
  const { receipts } = await fred.client.request('receipts', {})
  expect(receipts).toMatchObject([{ excerpt: 'to myself', recipients: [{ name: 'fred', state: 'shown' }] }])
  expect(statSync(join(home, 'keys', 'fred')).mode & 0o777).toBe(0o600)
})

test('a dry run without a hub starts none and makes nothing', async () => {
  const user = new User()
  writeOldDatabase(join(user.env['HOME']!, '.claude-ipc-data'), {
    messages: rowsFor(2),
    instances: { fred: oldTime(0) },
  })
  const answer = await user.types('bellhop import claude-ipc --dry-run')
  expect(answer).toMatchObject({ code: 0, problem: '' })
  expect(answer.output).toContain('Would bring')
  expect(answer.output).toContain('2 waiting to be read, 0 as history')
  expect(existsSync(join(user.home, 'hub.sock'))).toBe(false)
  expect(existsSync(join(user.home, 'keys'))).toBe(false)
})

test('a folder without a database, and one that is damaged, are refused before anything is done', async () => {
  const user = new User()
  const none = await user.types('bellhop import claude-ipc')
  expect(none).toMatchObject({ code: 5, output: '' })
  expect(none.problem).toContain('Give the folder where it is with --from.')
  const json = await user.types('bellhop import claude-ipc --json --from /dev')
  expect(JSON.parse(json.output)).toMatchObject({ error: { reason: 'blocked' } })
  expect(existsSync(join(user.home, 'hub.sock'))).toBe(false)
})

test('a broker that still runs is seen', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  onTestFinished(() => void server.close())
  expect(await isListening(port)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
  expect(await isListening(port)).toBe(false)
})
