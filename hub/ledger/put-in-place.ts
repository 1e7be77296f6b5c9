import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { backupFiles, ledgerForm, stageFiles } from '../../protocol/index.ts'
import type { LedgerLog } from './operations.ts'
import { LedgerRefusal } from './refusal.ts'
import { checkHeader } from './sqlite/check-header.ts'

/** Where `bellhop restore` puts a checked copy of a backup, and the folder of blobs that goes with the ledger. */
export interface StagedRestore {
  readonly folder: string
  readonly blobs: string
}

/** How the files are moved. Tests break it in the middle. */
export type Move = (from: string, to: string) => void

/** What lies beside a database and belongs to it alone: none of it may meet another one. */
const companions = ['-wal', '-shm', '-journal', '.witness', '.witness.partial']

/**
 * Puts a staged restore in the place of the present ledger, which is moved aside and not deleted. For the
 * holder of the home's lock, before anything is opened. Every step is one rename, and what is left to do can
 * be told from what still lies in the stage: so it can be cut off anywhere, and the next hub goes on. The
 * witness goes aside too, so the restored ledger begins a new epoch [D-3].
 *
 * @throws LedgerRefusal where the stage holds what this code cannot use; then nothing was moved
 */
export function putInPlace(database: string, stage: StagedRestore, log: LedgerLog, move: Move = renameSync): void {
  if (!existsSync(stage.folder)) return
  const home = dirname(database)
  const stagedDatabase = join(stage.folder, backupFiles.database)
  const stagedBlobs = join(stage.folder, backupFiles.blobs)
  if (existsSync(stagedDatabase)) {
    refuseUnusable(stagedDatabase, stage.folder)
    const aside = asideFolder(home, stage.folder)
    const putAside = (file: string): void => {
      if (existsSync(file)) moveDurably(file, freeName(join(aside, basename(file))), move)
    }
    for (const companion of companions) putAside(`${database}${companion}`)
    // Blobs before the database: what is left in the stage says what is old, up to the last move.
    if (existsSync(stagedBlobs)) {
      putAside(stage.blobs)
      moveDurably(stagedBlobs, stage.blobs, move)
    }
    putAside(database)
    moveDurably(stagedDatabase, database, move)
    log.warn({ before: aside }, 'a backup was restored; what was there before was moved aside')
  }
  rmSync(stage.folder, { recursive: true, force: true })
  syncFolder(home)
}

function refuseUnusable(file: string, stage: string): void {
  try {
    checkHeader(file, ledgerForm)
  } catch (error) {
    if (!(error instanceof LedgerRefusal)) throw error
    throw new LedgerRefusal(
      error.kind,
      `${error.message} It waits to be restored: nothing was changed. To keep the present ledger, remove ${stage}.`,
    )
  }
}

/** Chosen by whoever staged it, so that a second attempt uses the same. */
function asideFolder(home: string, stage: string): string {
  const name = readName(join(stage, stageFiles.aside)) ?? `before-restore-${Date.now()}`
  const folder = join(home, name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  syncFolder(home)
  return folder
}

function readName(file: string): string | undefined {
  try {
    return /^before-restore-[0-9A-Za-z-]{1,64}$/.exec(readFileSync(file, 'utf8').trim())?.[0]
  } catch {
    return undefined
  }
}

/** A hub that was cut off here may have left an empty folder of blobs behind, under the same name. */
function freeName(path: string): string {
  if (!existsSync(path)) return path
  for (let number = 2; ; number += 1) if (!existsSync(`${path}-${number}`)) return `${path}-${number}`
}

/** Durable before the next move begins: a power failure must not undo them out of order. */
function moveDurably(from: string, to: string, move: Move): void {
  move(from, to)
  syncFolder(dirname(to))
  syncFolder(dirname(from))
}

/** Windows has no such call, and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
