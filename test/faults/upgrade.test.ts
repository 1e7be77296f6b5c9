import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test, type TestContext } from 'vitest'
import { migrations } from '../../hub/ledger/sqlite/migrations.ts'
import { failToStartHub, startHubChild } from '../support/hub-child.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { greet, say, type WirePeer } from '../support/wire.ts'
import { long, longFactor } from './setting.ts'
import { needsStrace, underStrace } from './strace.ts'

/** What the agents of that hub had in their hands when it ended. */
const tokens = {
  rose: 'LhbqsCKOYFbVRQGSv7Qy8l59q_CNU63LSrXLR5oeICw',
  claude: 'vXgMOctQU9JaPtI7CU053dEXcoJxUJdXOl_zv_1g7vw',
  cody: 'o_49j6FbM-C9AwYfFPcJix3kDIqMpWkp_hxV7gAdMnI',
}
const keyOf = (name: string): string => `${name}-key-`.padEnd(43, 'A')
const epoch = '5wleu5uk'
const endedAt = 1_795_824_230_000
const blob = { handle: 'wXRiSZOgUDW6eDCVYT4T5', content: 'A large one. '.repeat(1_000) }

/** The home that the first hub left, an hour ago. */
function firstHome(): { home: string; file: string; env: Record<string, string> } {
  const home = temporaryFolder()
  const file = join(home, 'bellhop.db')
  const moved = Date.now() - 3_600_000 - endedAt
  const sql = readFileSync(join(import.meta.dirname, 'first-form.sql'), 'utf8')
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.exec(sql.replaceAll(/\b179\d{10}\b/g, (time) => String(Number(time) + moved)))
  db.close()
  writeFileSync(`${file}.witness`, JSON.stringify({ epoch, commits: 30 }))
  mkdirSync(join(home, 'blobs'))
  writeFileSync(join(home, 'blobs', blob.handle), blob.content)
  return { home, file, env: { BELLHOP_HOME: home, BELLHOP_PORT: '0' } }
}

/** Everything that may not change, row by row. */
function rowsOf(file: string): Record<string, unknown[]> {
  const db = new Database(file, { readonly: true })
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    const tables = {
      epochs: 'SELECT * FROM epochs',
      agents: 'SELECT id, name, key_hash, mailbox, created_at, released_at FROM agents ORDER BY id',
      names: 'SELECT * FROM names ORDER BY name_key',
      memberships: 'SELECT agent, address, since, until FROM memberships ORDER BY 1, 2, 3',
      blobs: 'SELECT * FROM blobs',
      messages: 'SELECT * FROM messages WHERE seq <= 11 ORDER BY seq',
      receipts:
        'SELECT seq, reader, rank, offered_at, shown_at, answered_at, ended_at FROM receipts ORDER BY seq, reader',
      sessions: 'SELECT hash, agent FROM sessions ORDER BY hash',
    }
    return Object.fromEntries(Object.entries(tables).map(([name, query]) => [name, db.prepare(query).all()]))
  } finally {
    db.close()
  }
}

function formOf(file: string): unknown {
  const db = new Database(file, { readonly: true })
  try {
    return db.pragma('user_version', { simple: true })
  } finally {
    db.close()
  }
}

test('a hub of today serves the home of the first one: names, mail, receipts, sessions, topics, blobs', async () => {
  const { home, file, env } = firstHome()
  const before = rowsOf(file)
  const hub = await startHubChild(env)
  const where = { url: hub.url, home: { folder: home } }
  const resume = async (session: string, recovered: boolean) => {
    const peer = await greet(where)
    const attached = await peer.request('resume', { session, position: { epoch, seq: 11 } })
    expect(attached).toMatchObject({ recovered })
    return { peer, token: attached.session.token }
  }
  const contents = async (peer: WirePeer): Promise<unknown[]> =>
    (await peer.request('fetch', {})).messages.map(({ id, content, offered }) => [id, content, offered?.route])
  const { peer: rose } = await resume(tokens.rose, true)
  const { peer: claude } = await resume(tokens.claude, true)
  // Renamed under this session: it begins afresh, with a new token.
  const { peer: cody, token } = await resume(tokens.cody, false)
  expect(await contents(rose)).toEqual([
    [`${epoch}-3`, 'Please look at the log when you can.', 'channel'],
    [`${epoch}-4`, 'Build 7 has begun.', undefined],
    [`${epoch}-5`, 'I am Codex, good morning.', undefined],
    [`${epoch}-6`, expect.stringContaining('codex is now called cody'), undefined],
    [`${epoch}-9`, 'I leave.', undefined],
  ])
  expect(await contents(cody)).toEqual([
    [`${epoch}-4`, 'Build 7 has begun.', undefined],
    [`${epoch}-6`, expect.stringContaining('codex is now called cody'), undefined],
    [`${epoch}-7`, 'This goes to your former name.', undefined],
    [`${epoch}-11`, 'A large one. A large one. …', undefined],
  ])
  const asked = await claude.request('receipts', { id: `${epoch}-1` })
  expect(asked.receipts[0]?.recipients).toMatchObject([{ name: 'rose', state: 'answered' }])
  const bounced = await claude.request('receipts', { id: `${epoch}-10` })
  expect(bounced.receipts[0]?.recipients).toMatchObject([{ state: 'bounced' }])

  const gemini = await greet(where)
  await gemini.request('register', { name: 'gemini', key: keyOf('gemini') })
  expect(await contents(gemini)).toEqual([[`${epoch}-8`, 'For whoever takes this name.', undefined]])
  const roseAgain = await greet(where)
  const taken = await roseAgain.request('register', { name: 'rose', key: keyOf('rose'), takeOver: true })
  expect(taken).toMatchObject({ created: false, topics: ['#all', '#builds'] })
  const answered = await say(roseAgain, 'codex', 'To the former name, still.')
  expect(answered.outlook).toMatchObject({ kind: 'online', name: 'cody', forwardedFrom: 'codex' })
  expect(answered.id.startsWith(`${epoch}-`)).toBe(true)
  const download = await globalThis.fetch(`${hub.url.replace('ws', 'http')}/blobs/${blob.handle}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(await download.text()).toBe(blob.content)
  await hub.end('SIGTERM')

  const copy = `${file}.before-v2`
  expect([formOf(file), formOf(copy)]).toEqual([migrations.at(-1)?.version, 1])
  expect(rowsOf(copy)).toEqual(before)
  expect(statSync(copy).mode & 0o777).toBe(0o600)
  const after = rowsOf(file)
  expect([after['epochs'], after['blobs']]).toEqual([before['epochs'], before['blobs']])
  // Who took the name of gemini gave its mail more time.
  const lasting = (rows: unknown): unknown[] => (rows as object[]).map((row) => ({ ...row, expires_at: undefined }))
  expect(lasting(after['messages'])).toEqual(lasting(before['messages']))
  process.stdout.write(
    'upgrade: form 1, 4 agents, 11 messages, 4 receipts, 3 sessions: all there, and a copy of before\n',
  )
})

test(
  'a hub that is killed anywhere in the upgrade loses nothing',
  async (context: TestContext) => {
    needsStrace(context)
    const first = firstHome()
    const before = rowsOf(first.file)
    // Killed at the k-th of these calls on the files: copying, migrating, moving the log into the database.
    const calls = 'pwrite64,fsync,ftruncate'
    const kills = long
      ? (['pwrite64', 'fsync'] as const).flatMap((call) => Array.from({ length: 60 }, (_, n) => [call, 1 + n] as const))
      : ([
          ['pwrite64', 20],
          ['fsync', 1],
          ['pwrite64', 38],
          ['ftruncate', 1],
        ] as const)
    const through = new Set<string>()
    let killed = 0
    let halfway = 0
    for (const [call, k] of kills) {
      if (through.has(call)) continue
      const home = temporaryFolder()
      cpSync(first.home, home, { recursive: true })
      const env = { ...first.env, BELLHOP_HOME: home }
      const file = join(home, 'bellhop.db')
      const paths = ['', '-wal', '.before-v2.partial'].flatMap((suffix) => ['-P', `${file}${suffix}`])
      const inject = ['-e', `trace=${calls}`, '-e', `inject=${call}:signal=SIGKILL:when=${k}`]
      const command = underStrace(['-s', '0', ...paths, ...inject])
      const started = await failToStartHub(env, command).then(
        ({ code }) => {
          expect(code).toBeNull()
          return false
        },
        (error: unknown) => {
          // There are fewer such calls: where all of them are gone through, that is the end.
          if (!long) throw new Error(`not killed at ${call} ${k}`, { cause: error })
          return true
        },
      )
      if (started) {
        through.add(call)
        continue
      }
      killed += 1
      if (!existsSync(`${file}.before-v2`) || formOf(file) === 1) halfway += 1
      const hub = await startHubChild(env)
      await hub.end('SIGTERM')
      expect(formOf(file)).toBe(migrations.at(-1)?.version)
      expect(rowsOf(`${file}.before-v2`)).toEqual(before)
      expect(rowsOf(file)).toEqual(before)
    }
    process.stdout.write(`upgrade: killed at ${killed} of its writes, ${halfway} before it was through; 0 lost\n`)
    expect(halfway).toBeGreaterThan(0)
  },
  240_000 * longFactor,
)
