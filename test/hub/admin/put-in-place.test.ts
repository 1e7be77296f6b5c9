import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLedger } from '../../../hub/ledger/index.ts'
import { putInPlace } from '../../../hub/ledger/put-in-place.ts'
import { claim, send, unreadContents } from '../../suites/ledger/fixture.ts'
import { temporaryFolder } from '../../support/teardown.ts'
import { silentLog } from '../ledger/support.ts'

const aside = 'before-restore-then'

/** A home with a ledger that has gone on since it was copied, and the copy staged. */
async function homeWithStage() {
  const home = temporaryFolder()
  const database = join(home, 'bellhop.db')
  const stage = { folder: join(home, 'restore'), blobs: join(home, 'blobs') }
  const ledger = await openLedger({ file: database })
  await send(ledger, await claim(ledger, 'alice'), { to: 'bob', content: 'old' })
  mkdirSync(join(stage.folder, 'blobs'), { recursive: true })
  mkdirSync(stage.blobs)
  await ledger.copyTo(join(stage.folder, 'bellhop.db'), () => undefined)
  writeFileSync(join(stage.folder, 'blobs', 'restored'), '')
  writeFileSync(join(stage.folder, 'aside'), `${aside}\n`)
  writeFileSync(join(stage.blobs, 'present'), '')
  await send(ledger, await claim(ledger, 'alice'), { to: 'bob', content: 'new' })
  await ledger.close()
  // As a hub that was killed leaves them.
  writeFileSync(`${database}-wal`, 'log')
  return { home, database, stage, epoch: ledger.epoch }
}

function expectRestored({ home, stage }: Awaited<ReturnType<typeof homeWithStage>>): void {
  expect(existsSync(stage.folder)).toBe(false)
  expect(readdirSync(stage.blobs)).toEqual(['restored'])
  expect(existsSync(join(home, 'bellhop.db-wal'))).toBe(false)
  expect(existsSync(join(home, 'bellhop.db.witness'))).toBe(false)
  expect(readFileSync(join(home, aside, 'bellhop.db-wal'), 'utf8')).toBe('log')
  expect(readdirSync(join(home, aside))).toEqual(expect.arrayContaining(['bellhop.db', 'bellhop.db.witness', 'blobs']))
  expect(readdirSync(join(home, aside, 'blobs'))).toEqual(['present'])
}

async function contents(database: string): Promise<{ contents: string[]; epoch: string }> {
  const ledger = await openLedger({ file: database })
  onTestFinished(() => ledger.close())
  return { contents: await unreadContents(ledger, (await claim(ledger, 'bob')).id), epoch: ledger.epoch }
}

describe('a staged restore', () => {
  test('takes the place of the ledger, which is moved aside with all that belongs to it; a new epoch begins', async () => {
    const made = await homeWithStage()
    putInPlace(made.database, made.stage, silentLog)
    expectRestored(made)
    const restored = await contents(made.database)
    expect(restored.contents).toEqual(['old'])
    expect(restored.epoch).not.toBe(made.epoch)
    // What was there before is whole.
    const before = join(temporaryFolder(), 'before.db')
    cpSync(join(made.home, aside, 'bellhop.db'), before)
    expect((await contents(before)).contents).toEqual(['old', 'new'])
  })

  /** Moves of a whole restore: log, witness, blobs out and in, database out and in. */
  const moves = 6

  test.each(Array.from({ length: moves }, (_, done) => [done]))(
    'that was cut off after %i moves is finished by the next hub, and nothing is lost',
    async (done) => {
      const made = await homeWithStage()
      let left = done
      const failing = (from: string, to: string): void => {
        if (left === 0) throw new Error('the power failed')
        left -= 1
        renameSync(from, to)
      }
      expect(() => putInPlace(made.database, made.stage, silentLog, failing)).toThrow('the power failed')
      // A hub that starts makes this folder before it looks for a restore.
      mkdirSync(made.stage.blobs, { recursive: true })
      putInPlace(made.database, made.stage, silentLog)
      expectRestored(made)
      expect((await contents(made.database)).contents).toEqual(['old'])
    },
  )

  test('takes so many moves, so that the test above cuts off each', async () => {
    const made = await homeWithStage()
    let count = 0
    putInPlace(made.database, made.stage, silentLog, (from, to) => {
      count += 1
      renameSync(from, to)
    })
    expect(count).toBe(moves)
  })

  test('whose database is in place already is only cleared away', async () => {
    const made = await homeWithStage()
    putInPlace(made.database, made.stage, silentLog)
    const after = readFileSync(made.database)
    mkdirSync(made.stage.folder)
    writeFileSync(join(made.stage.folder, 'aside'), aside)
    putInPlace(made.database, made.stage, silentLog)
    expectRestored(made)
    expect(readFileSync(made.database).equals(after)).toBe(true)
  })

  test('that this hub cannot use keeps it from starting, and nothing is moved', async () => {
    const made = await homeWithStage()
    writeFileSync(join(made.stage.folder, 'bellhop.db'), 'this is not a database'.repeat(300))
    const before = readdirSync(made.home)
    await expect(openLedger({ file: made.database, restore: made.stage })).rejects.toMatchObject({
      name: 'LedgerRefusal',
      kind: 'damaged',
      message: expect.stringContaining('remove') as string,
    })
    expect(readdirSync(made.home)).toEqual(before)
  })

  test('is put in place by whoever holds the lock, before the ledger opens', async () => {
    const made = await homeWithStage()
    const ledger = await openLedger({ file: made.database, restore: made.stage })
    onTestFinished(() => ledger.close())
    expect(await unreadContents(ledger, (await claim(ledger, 'bob')).id)).toEqual(['old'])
    // The next one to come finds the home in use, and a stage that it must not touch.
    mkdirSync(made.stage.folder)
    await expect(openLedger({ file: made.database, restore: made.stage })).rejects.toMatchObject({ kind: 'in_use' })
    expect(existsSync(made.stage.folder)).toBe(true)
  })
})
