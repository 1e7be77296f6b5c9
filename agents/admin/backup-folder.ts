import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Database from 'better-sqlite3'
import { backupFiles, BackupManifest, ledgerForm } from '../../protocol/index.ts'

/** A backup that cannot be restored: `message` says what is wrong with it, `next` what to do. */
export class BackupProblem extends Error {
  override readonly name = 'BackupProblem'
  readonly next: string
  constructor(message: string, next = 'Take another backup, or copy this one again from where it was kept.') {
    super(message)
    this.next = next
  }
}

export interface CheckedBackup {
  readonly folder: string
  readonly manifest: BackupManifest
  /** Handles of the blobs that its messages name. */
  readonly blobs: readonly string[]
}

/** "bell": how the database of a ledger is told from others. */
const applicationId = 0x62656c6c
const headerBytes = 100
const manifestBytes = 64 * 1024

/**
 * Looks at everything that a restore needs, and changes nothing: manifest, hash, form and pages of the
 * database, and every blob with its hash. `onProgress` gets bytes of `total`. Throws `BackupProblem`.
 */
export async function checkBackup(
  folder: string,
  onProgress: (done: number, total: number) => void,
): Promise<CheckedBackup> {
  const manifest = readManifest(folder)
  const total = manifest.database.bytes + manifest.blobs.bytes
  const file = join(folder, backupFiles.database)
  const { bytes, sha256 } = await measure(file)
  if (bytes !== manifest.database.bytes || sha256 !== manifest.database.sha256) {
    throw new BackupProblem(
      `The database of the backup ${folder} is not the one that was backed up: its SHA-256 differs.`,
    )
  }
  checkHeader(file, folder)
  onProgress(bytes, total)
  const blobs = blobsNamedIn(file, folder)
  let done = bytes
  for (const blob of blobs) {
    const found = await measure(join(folder, backupFiles.blobs, blob.handle))
    if (found.bytes !== blob.size || found.sha256 !== blob.sha256) {
      throw new BackupProblem(`The file ${blob.handle} of the backup ${folder} is damaged: its SHA-256 differs.`)
    }
    done += blob.size
    onProgress(done, total)
  }
  return { folder, manifest, blobs: blobs.map(({ handle }) => handle) }
}

function readManifest(folder: string): BackupManifest {
  const file = join(folder, backupFiles.manifest)
  let read: unknown
  try {
    if (statSync(file).size > manifestBytes) throw new Error('it is too large')
    read = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new BackupProblem(
      `${folder} is no backup of Bellhop: ${backupFiles.manifest} cannot be read (${sentenceOf(error)}).`,
      'Give the folder that "bellhop backup" made.',
    )
  }
  const form = (read as { form?: unknown } | null)?.form
  if (typeof form === 'number' && form > ledgerForm) {
    throw new BackupProblem(
      `The backup ${folder} was made by a newer Bellhop (form ${form}; this one knows ${ledgerForm}).`,
      'Update Bellhop, then restore it.',
    )
  }
  const manifest = BackupManifest.safeParse(read)
  if (manifest.success) return manifest.data
  throw new BackupProblem(`The manifest of the backup ${folder} is damaged: ${manifest.error.issues[0]?.message}.`)
}

/** Before it is opened: opening a database with a log would write beside it. */
function checkHeader(file: string, folder: string): void {
  const header = Buffer.alloc(headerBytes)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header, 0, headerBytes, 0)
  } finally {
    closeSync(descriptor)
  }
  const isLedger = header.toString('latin1', 0, 16) === 'SQLite format 3\0' && header.readUInt32BE(68) === applicationId
  if (!isLedger) throw new BackupProblem(`The database of the backup ${folder} is not one of Bellhop.`)
  if (header.readUInt32BE(60) > ledgerForm) {
    throw new BackupProblem(
      `The database of the backup ${folder} was written by a newer Bellhop.`,
      'Update Bellhop, then restore it.',
    )
  }
  // 1: the whole database is this file.
  if (header[18] !== 1) throw new BackupProblem(`The database of the backup ${folder} lacks its log.`)
}

interface NamedBlob {
  readonly handle: string
  readonly size: number
  readonly sha256: string
}

function blobsNamedIn(file: string, folder: string): NamedBlob[] {
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: true, fileMustExist: true })
    const found = db.pragma('quick_check(1)', { simple: true })
    if (found !== 'ok') throw new Error(String(found))
    const blobs = db
      .prepare<[], NamedBlob>(
        'SELECT handle, size, sha256 FROM blobs b WHERE EXISTS (SELECT 1 FROM messages m WHERE m.blob = b.handle)',
      )
      .all()
    // A handle becomes the name of a file.
    if (blobs.every(({ handle }) => /^[A-Za-z0-9_-]{21}$/.test(handle))) return blobs
    throw new Error('a handle is malformed')
  } catch (error) {
    throw new BackupProblem(`The database of the backup ${folder} is damaged (${sentenceOf(error)}).`)
  } finally {
    db?.close()
  }
}

async function measure(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  const source = createReadStream(file)
  try {
    await pipeline(source, hash)
  } catch (error) {
    throw new BackupProblem(`The backup is not complete: ${sentenceOf(error)}.`)
  }
  return { bytes: source.bytesRead, sha256: hash.digest('hex') }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
