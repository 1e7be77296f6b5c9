import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openLedger } from '../../../hub/ledger/index.ts'
import { migrations } from '../../../hub/ledger/sqlite/migrations.ts'
import { openDatabase } from '../../../hub/ledger/sqlite/open-database.ts'
import * as schema from '../../../hub/ledger/sqlite/schema.ts'
import { claim, draft, send, unreadContents, type FullLedger } from '../../suites/ledger/fixture.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { silentLog } from './support.ts'

const newFile = (): string => join(temporaryFolder(), 'ledger.db')

async function open(file: string): Promise<FullLedger> {
  const ledger = await openLedger({ file })
  onTestFinished(() => ledger.close())
  return ledger
}

/** A ledger with one message from alice to bob, closed. */
async function filled(file: string): Promise<string> {
  const ledger = await open(file)
  await send(ledger, await claim(ledger, 'alice'), { to: 'bob' })
  await ledger.close()
  return ledger.epoch
}

function change(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

const columnsOf = (db: Database.Database, table: string): string[] =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table).toSorted()

describe('the database', () => {
  it('has the form that the code expects', () => {
    const db = openDatabase(':memory:', silentLog)
    onTestFinished(() => void db.close())
    const tables = Object.values(schema).filter((value) => is(value, SQLiteTable))
    const names = db
      .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .pluck()
    expect(tables.map((table) => getTableName(table)).toSorted()).toEqual(names.all().toSorted())
    for (const table of tables) {
      const expected = Object.values(getTableColumns(table)).map((column): string => column.name)
      expect(columnsOf(db, getTableName(table))).toEqual(expected.toSorted())
      const indexes = db
        .prepare<[string], string>(
          `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
        )
        .pluck()
        .all(getTableName(table))
      expect(indexes.toSorted()).toEqual(
        getTableConfig(table)
          .indexes.map(({ config }) => config.name)
          .toSorted(),
      )
    }
  })

  it('is durable and locked, and readable by its owner only [D-1]', () => {
    const file = newFile()
    const db = openDatabase(file, silentLog)
    onTestFinished(() => void db.close())
    const read = (pragma: string): unknown => db.pragma(pragma, { simple: true })
    expect(read('synchronous')).toBe(2)
    expect(read('journal_mode')).toBe('wal')
    expect(read('locking_mode')).toBe('exclusive')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}-shm`)).toBe(false)
  })

  it('of a newer Bellhop is refused and left byte for byte', async () => {
    const file = newFile()
    await filled(file)
    change(file, 'PRAGMA user_version = 99')
    const bytes = readFileSync(file)
    const files = readdirSync(join(file, '..'))
    await expect(openLedger({ file })).rejects.toMatchObject({ name: 'LedgerRefusal', kind: 'newer' })
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(readdirSync(join(file, '..'))).toEqual(files)
  })

  it('that is damaged is refused and left byte for byte', async () => {
    const file = newFile()
    await filled(file)
    const bytes = readFileSync(file)
    bytes.fill(0x5a, 4096, 4096 * 6)
    for (const broken of [bytes, Buffer.from('this is not a database'.repeat(300)), bytes.subarray(0, 50)]) {
      writeFileSync(file, broken)
      await expect(openLedger({ file })).rejects.toMatchObject({ name: 'LedgerRefusal', kind: 'damaged' })
      expect(readFileSync(file).equals(broken)).toBe(true)
    }
  })

  it('of another program, or in a folder that is not there, is refused', async () => {
    const file = newFile()
    change(file, 'PRAGMA application_id = 42; CREATE TABLE theirs (id)')
    await expect(openLedger({ file })).rejects.toMatchObject({ kind: 'foreign' })
    await expect(openLedger({ file: join(file, '..', 'missing', 'ledger.db') })).rejects.toMatchObject({
      kind: 'unreadable',
    })
  })

  it('of an older form is copied, then migrated', async () => {
    const file = newFile()
    await filled(file)
    const next = { version: migrations.length + 1, sql: 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT' }
    const db = openDatabase(file, silentLog, [...migrations, next])
    expect(columnsOf(db, 'later')).toEqual(['id'])
    db.close()
    const copy = new Database(`${file}.before-v${next.version}`, { readonly: true })
    onTestFinished(() => void copy.close())
    expect(copy.pragma('user_version', { simple: true })).toBe(migrations.length)
    expect(copy.prepare('SELECT count(*) AS messages FROM messages').get()).toEqual({ messages: 1 })
    expect(columnsOf(copy, 'later')).toEqual([])
    expect(statSync(`${file}.before-v${next.version}`).mode & 0o777).toBe(0o600)
  })

  it('stays as it was when a migration fails', async () => {
    const file = newFile()
    await filled(file)
    const bad = { version: migrations.length + 1, sql: 'CREATE TABLE half (id); SELECT nonsense' }
    expect(() => openDatabase(file, silentLog, [...migrations, bad])).toThrow('nonsense')
    const ledger = await open(file)
    expect(await ledger.head()).toBe(1)
  })
})

describe('the epoch', () => {
  it('is new for an older copy that was put back, whose ids do not name other messages [D-3]', async () => {
    const file = newFile()
    const epoch = await filled(file)
    copyFileSync(file, `${file}.backup`)
    const before = await open(file)
    const alice = await claim(before, 'alice')
    const lost = await send(before, alice, { to: 'bob', content: 'lost' })
    await before.close()
    copyFileSync(`${file}.backup`, file)

    const after = await open(file)
    expect(before.epoch).toBe(epoch)
    expect(after.epoch).toMatch(/^[a-z0-9]{8}$/)
    expect(after.epoch).not.toBe(epoch)
    const other = await send(after, alice, { to: 'bob', content: 'other' })
    expect(other.message.seq).toBe(lost.message.seq)
    expect(await after.find({ agent: alice.id, id: lost.message.id })).toBeUndefined()
    expect(await after.find({ agent: alice.id, id: other.message.id })).toEqual(other.message)
    const bob = await claim(after, 'bob')
    const [kept] = await after.unread({ agent: bob.id, after: 0, limit: 1, now: 0 })
    expect(kept!.id).toBe(`${epoch}-1`)
    expect(await after.find({ agent: bob.id, id: kept!.id })).toEqual(kept)
    await after.close()
    expect((await open(file)).epoch).toBe(after.epoch)
  })

  it('is new where the witness is missing or unreadable', async () => {
    const file = newFile()
    const epoch = await filled(file)
    writeFileSync(`${file}.witness`, '{"epoch":')
    const ledger = await open(file)
    expect(ledger.epoch).not.toBe(epoch)
    expect(await unreadContents(ledger, (await claim(ledger, 'bob')).id)).toEqual(['hello'])
  })

  it('goes on where a batch repeated what was there and wrote nothing', async () => {
    const file = newFile()
    const ledger = await open(file)
    const repeated = draft(await claim(ledger, 'alice'), { to: 'bob' })
    await ledger.append(repeated)
    await ledger.append(repeated)
    await ledger.close()
    expect((await open(file)).epoch).toBe(ledger.epoch)
  })
})
