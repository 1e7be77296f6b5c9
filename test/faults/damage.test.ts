import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, test } from 'vitest'
import { failToStartHub } from '../support/hub-child.ts'
import { temporaryFolder } from '../support/teardown.ts'
import { hashFolder, keepLedgers, openDamaged, type Kept, type Outcome } from './damage.ts'
import { long, longFactor } from './setting.ts'

const flips = long ? 3_000 : 40
const cuts = long ? 500 : 12

let folder: string
let killed: Kept
let closed: Kept

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bellhop-'))
  ;({ killed, closed } = await keepLedgers(folder, 100))
  return () => rmSync(folder, { recursive: true, force: true })
}, 120_000 * longFactor)

const seed = Number(process.env['SEED'] ?? 1)

/** Offsets in a file, the same for the same seed. */
function positions(size: number, count: number): number[] {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % size
  })
}

type Damage = Parameters<typeof openDamaged>[2]

const flip =
  (at: number): Damage =>
  (bytes) => {
    bytes[at] = bytes[at]! ^ (1 << (at % 8))
    return bytes
  }

function report(what: string, outcomes: readonly Outcome[]): void {
  const opened = outcomes.filter((outcome) => outcome.kind === 'opened')
  const whole = opened.filter(({ prefix, changed }) => prefix === closed.messages.length && changed === 0).length
  const shorter = opened.filter(({ prefix }) => prefix < closed.messages.length).length
  const changed = opened.filter(({ changed }) => changed > 0).length
  process.stdout.write(
    `damage: ${what}: ${outcomes.length} ledgers (seed ${seed}), ${outcomes.length - opened.length} refused and left as they were, ` +
      `${whole} whole, ${shorter} with the part before the damage and a new epoch, ${changed} with one text changed\n`,
  )
}

/** Whatever happened to the files: a refusal says what to do and writes nothing, and what is served is in order. */
function expectHonest(outcome: Outcome): void {
  if (outcome.kind === 'refused') {
    expect(outcome.message).toMatch(
      / is damaged \(.*\)\. It was left as it is\. Put a backup in its place, or move it away/s,
    )
    expect(outcome.untouched).toBe(true)
    return
  }
  expect(outcome.astray).toBe(0)
  // Acknowledged mail that is gone is never passed over: clients are told that this is not the ledger they knew.
  if (outcome.prefix < closed.messages.length) expect(outcome.sameEpoch).toBe(false)
}

describe('a ledger that is damaged is refused untouched, or serves what is before the damage', () => {
  async function damageAll(kept: Kept, name: string, damages: Iterable<Damage>): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const damage of damages) outcomes.push(await openDamaged(kept, name, damage))
    for (const outcome of outcomes) expectHonest(outcome)
    return outcomes
  }

  async function flipBits(kept: Kept, name: string, what: string): Promise<Outcome[]> {
    const { size } = statSync(join(kept.folder, name))
    const outcomes = await damageAll(kept, name, positions(size, flips).map(flip))
    report(what, outcomes)
    return outcomes
  }

  test(
    'a bit anywhere in the database',
    async () => {
      const outcomes = await flipBits(closed, 'ledger.db', 'a bit of the database')
      for (const outcome of outcomes) {
        if (outcome.kind !== 'opened') continue
        expect(outcome.prefix).toBe(closed.messages.length)
        // SQLite keeps no checksum of a page: a bit inside one text is not seen. Whatever is more than that, is.
        expect(outcome.changed).toBeLessThanOrEqual(1)
      }
      expect(outcomes.some(({ kind }) => kind === 'refused')).toBe(true)
    },
    240_000 * longFactor,
  )

  test(
    'a bit anywhere in the log that a killed hub left',
    async () => {
      const outcomes = await flipBits(killed, 'ledger.db-wal', 'a bit of the log')
      // Every frame of a log has a checksum.
      for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'opened', changed: 0 })
      expect(outcomes.some((outcome) => outcome.kind === 'opened' && !outcome.sameEpoch)).toBe(true)
    },
    240_000 * longFactor,
  )

  test(
    'a bit anywhere in the database, under the log of a killed hub',
    async () => {
      const outcomes = await flipBits(killed, 'ledger.db', 'a bit under a log')
      expect(outcomes.some(({ kind }) => kind === 'refused')).toBe(true)
    },
    240_000 * longFactor,
  )

  test(
    'a database and a log that are cut off anywhere',
    async () => {
      for (const [kept, name] of [
        [closed, 'ledger.db'],
        [killed, 'ledger.db-wal'],
      ] as const) {
        const { size } = statSync(join(kept.folder, name))
        const cut =
          (to: number): Damage =>
          (bytes) =>
            bytes.subarray(0, to)
        const outcomes = await damageAll(
          kept,
          name,
          [0, 1, 31, 32, 99, 512, 4_096, size - 1, ...positions(size, cuts)].map(cut),
        )
        report(`${name} cut off`, outcomes)
        // The pages that are missing are known to be; the last bytes of the last one may be none that anybody needs.
        const { length } = kept.messages
        const fits = (outcome: Outcome): boolean => outcome.kind === 'refused' || outcome.prefix === length
        expect(outcomes.every(fits)).toBe(name === 'ledger.db')
      }
    },
    240_000 * longFactor,
  )

  test('a database or a log of another ledger, and one that is gone under its log', async () => {
    const other = mkdtempSync(join(folder, 'other-'))
    const { killed: foreign } = await keepLedgers(other, 40)
    const log = readFileSync(join(foreign.folder, 'ledger.db-wal'))
    const database = readFileSync(join(foreign.folder, 'ledger.db'))
    const outcomes = [
      await openDamaged(killed, 'ledger.db-wal', () => log),
      await openDamaged(killed, 'ledger.db', () => database),
      await openDamaged(killed, 'ledger.db', () => undefined),
    ]
    expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused'])
    for (const outcome of outcomes) expectHonest(outcome)
  })

  test('one that was moved away begins anew, as the refusal says', async () => {
    const outcome = await openDamaged(closed, 'ledger.db', () => undefined)
    expect(outcome).toMatchObject({ kind: 'opened', sameEpoch: false, prefix: 0, astray: 0 })
  })
})

describe('a hub on such a home', () => {
  const homes: readonly [string, (database: string) => void, RegExp][] = [
    ['a page of nonsense', (file) => fill(file, 4096 * 3, 4096), /is damaged .*It was left as it is\. Put a backup/s],
    ['a database that was emptied', (file) => writeFileSync(file, ''), /is damaged \(it is empty.*Put a backup/s],
    ['a newer form', (file) => change(file, 'PRAGMA user_version = 99'), /newer Bellhop \(form 99.*Update Bellhop/],
    [
      'no database at all',
      (file) => writeFileSync(file, 'no database'.repeat(99)),
      /it is not a database.*Put a backup/s,
    ],
  ]

  test.each(homes)('ends with 4, says what to do, and leaves it byte for byte: %s', async (_what, spoil, words) => {
    const home = temporaryFolder()
    for (const suffix of ['', '-wal', '.witness']) {
      cpSync(join(killed.folder, `ledger.db${suffix}`), join(home, `bellhop.db${suffix}`))
    }
    spoil(join(home, 'bellhop.db'))
    const files = (): string => hashFolder(home, /^bellhop\.db(?!\.lock)/)
    const before = files()
    const refusal = await failToStartHub({ BELLHOP_HOME: home, BELLHOP_PORT: '0' })
    expect(refusal.code).toBe(4)
    expect(refusal.stderr).toMatch(words)
    expect(files()).toBe(before)
  })
})

function fill(file: string, from: number, bytes: number): void {
  const content = readFileSync(file)
  writeFileSync(file, content.fill(0x5a, from, from + bytes))
}

function change(file: string, sql: string): void {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}
