import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readLargeFile } from '../../../agents/migrate/large-file.ts'
import { openOldDatabase } from '../../../agents/migrate/old-database.ts'
import { writeLargeFile, writeOldDatabase } from '../../support/old-database.ts'
import { temporaryFolder } from '../../support/teardown.ts'

describe('the old database', () => {
  test('is read as its broker left it when it was killed, and nothing there is touched', () => {
    const folder = temporaryFolder()
    writeOldDatabase(folder, { messages: [{ from_id: 'a', to_id: 'b', content: 'committed' }] })
    const file = join(folder, 'messages.db')
    const broker = new Database(file)
    onTestFinished(() => void broker.close())
    broker.pragma('journal_mode = WAL')
    broker.exec(`INSERT INTO messages (from_id, to_id, content) VALUES ('a', 'b', 'in the log')`)
    const before = readdirSync(folder).map((name) => [name, readBytes(join(folder, name))])
    const database = openOldDatabase(folder)
    expect(database.page(0, 10).map(({ content }) => content)).toEqual(['committed', 'in the log'])
    database.close()
    expect(readdirSync(folder).map((name) => [name, readBytes(join(folder, name))])).toEqual(before)
  })

  test('may lack columns and tables', () => {
    const folder = temporaryFolder()
    const db = new Database(join(folder, 'messages.db'))
    db.exec(`CREATE TABLE messages (from_id, to_id, content); INSERT INTO messages VALUES ('a', 'b', 'c')`)
    db.close()
    const database = openOldDatabase(folder)
    onTestFinished(() => database.close())
    expect(database).toMatchObject({ total: 1, instances: [], renames: [] })
    expect(database.page(0, 10)).toEqual([
      { row: 1, from: 'a', to: 'b', content: 'c', time: null, data: null, file: null, read: null },
    ])
    expect(database.lastRowWithFile('x')).toBe(0)
  })

  test.each([
    ['is not there', () => undefined, 'no database of claude-ipc-mcp'],
    ['is none', (file: string) => writeFileSync(file, 'not a database'.repeat(500)), 'damaged, or no database'],
    ['is torn', (file: string) => truncateSync(file, 5_000), 'damaged, or no database'],
    [
      "is another program's",
      (file: string) => {
        writeFileSync(file, '')
        const db = new Database(file)
        db.exec('CREATE TABLE messages (id, body)')
        db.close()
      },
      'no table "messages" with from_id',
    ],
  ])('that %s is refused with a sentence and a next step', (_, spoil, sentence) => {
    const folder = temporaryFolder()
    const file = join(folder, 'messages.db')
    if (sentence.startsWith('damaged')) {
      const messages = Array.from({ length: 200 }, (_, row) => ({ from_id: 'a', to_id: 'b', content: 'x'.repeat(row) }))
      writeOldDatabase(folder, { messages })
    }
    spoil(file)
    const bytes = existsSync(file) ? readFileSync(file) : undefined
    expect(() => openOldDatabase(folder)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(sentence) as string,
        next: expect.any(String) as string,
      }),
    )
    if (bytes) expect(readFileSync(file).equals(bytes)).toBe(true)
  })
})

describe('the file of a large message', () => {
  test('is its content, without the header', () => {
    const folder = temporaryFolder()
    const content = '## Content\nfirst\n\nFrom: somebody\nlast\n'
    expect(readLargeFile(folder, writeLargeFile(folder, 'a.md', content))).toEqual({ content })
    writeFileSync(join(folder, 'large-messages', 'bare.md'), 'no header\nat all\n')
    expect(readLargeFile(folder, 'large-messages/bare.md')).toEqual({ content: 'no header\nat all\n' })
  })

  test('is found where its data folder was moved to', () => {
    const folder = temporaryFolder()
    writeLargeFile(folder, 'a.md', 'moved')
    expect(readLargeFile(folder, '/home/before/.claude-ipc-data/large-messages/a.md')).toEqual({ content: 'moved' })
  })

  test('is never read outside the folder of such files', () => {
    const folder = temporaryFolder()
    const secret = join(folder, 'secret')
    writeFileSync(secret, 'secret')
    mkdirSync(join(folder, 'large-messages', 'inner'), { recursive: true })
    mkdirSync(join(folder, 'large-messages-not'))
    writeFileSync(join(folder, 'large-messages-not', 'x'), 'secret')
    symlinkSync(secret, join(folder, 'large-messages', 'link.md'))
    const outside = [
      secret,
      '/etc/passwd',
      '../secret',
      'large-messages/../secret',
      'large-messages/link.md',
      'large-messages-not/x',
      'a\0b',
    ]
    for (const named of outside) {
      expect([named, readLargeFile(folder, named)]).toEqual([
        named,
        { why: 'its large file lies outside large-messages, and was not read' },
      ])
    }
    expect(readLargeFile(folder, join(folder, 'large-messages', 'none.md'))).toEqual({
      why: 'its large file is missing',
    })
    expect(readLargeFile(folder, join(folder, 'large-messages', 'inner'))).toEqual({ why: 'its large file is no file' })
    writeFileSync(join(folder, 'large-messages', 'huge.md'), '')
    truncateSync(join(folder, 'large-messages', 'huge.md'), 17 * 1024 * 1024)
    expect(readLargeFile(folder, 'large-messages/huge.md')).toEqual({ why: 'its large file is larger than 16 MiB' })
  })
})

function readBytes(path: string): string {
  return path.endsWith('large-messages') ? '' : readFileSync(path, 'hex')
}
