import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { nanoid } from 'nanoid'
import { backupFiles, softwareVersion, type BackupManifest } from '../../protocol/index.ts'
import { syncFolder } from '../blobs.ts'
import { isoTime } from '../iso-time.ts'
import type { AdminServices } from './admin.ts'

export interface BackupProgress {
  readonly step: 'database' | 'blobs'
  /** Bytes. */
  readonly done: number
  readonly total: number
}

/**
 * Copies the ledger, the blobs that its messages name, and a manifest into a new folder, while mail goes on.
 * The folder has its name only when it is complete and durable. Throws what the disk says, and where the
 * folder is there already; then nothing is left behind.
 */
export async function makeBackup(
  services: Pick<AdminServices, 'ledger' | 'blobs' | 'clock'>,
  folder: string,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupManifest> {
  if (existsSync(folder)) throw new Error(`${folder} is there already`)
  const draft = `${folder}.${nanoid(8)}.part`
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
  await mkdir(join(draft, backupFiles.blobs), { recursive: true, mode: 0o700 })
  try {
    const manifest = await fill(services, draft, onProgress)
    await rename(draft, folder)
    await syncFolder(dirname(folder))
    return manifest
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

async function fill(
  { ledger, blobs, clock }: Pick<AdminServices, 'ledger' | 'blobs' | 'clock'>,
  draft: string,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackupManifest> {
  const at = isoTime(clock.now())
  // A message of the copy may be forgotten before its blob is copied.
  const release = blobs.hold()
  try {
    const database = join(draft, backupFiles.database)
    const copy = await ledger.copyTo(database, (progress) => onProgress({ step: 'database', ...progress }))
    const total = copy.blobs.reduce((sum, { size }) => sum + size, 0)
    let done = 0
    for (const { handle, size } of copy.blobs) {
      await blobs.copy(handle, join(draft, backupFiles.blobs, handle))
      done += size
      onProgress({ step: 'blobs', done, total })
    }
    const manifest: BackupManifest = {
      kind: 'bellhop-backup',
      version: softwareVersion,
      form: copy.form,
      epoch: ledger.epoch,
      at,
      messages: copy.messages,
      agents: copy.agents,
      database: await measure(database),
      blobs: { count: copy.blobs.length, bytes: total },
    }
    await writeDurably(join(draft, backupFiles.manifest), `${JSON.stringify(manifest, null, 2)}\n`)
    await syncFolder(join(draft, backupFiles.blobs))
    await syncFolder(draft)
    return manifest
  } finally {
    release()
  }
}

async function measure(file: string): Promise<BackupManifest['database']> {
  const hash = createHash('sha256')
  const source = createReadStream(file)
  await pipeline(source, hash)
  return { bytes: source.bytesRead, sha256: hash.digest('hex') }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
