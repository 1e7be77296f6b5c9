import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { backupFiles, stageFiles } from '../../protocol/index.ts'
import { BackupProblem, type CheckedBackup } from './backup-folder.ts'

export interface Stage {
  readonly folder: string
  /** Where the next hub moves what is there now. */
  readonly aside: string
}

/** Where a restore waits, and what it would be named. */
export function stageFolder(home: string): string {
  return join(home, stageFiles.folder)
}

/**
 * Copies a checked backup into the home, for the next hub that starts to put in place. The stage has its name
 * only when it is complete and durable. Throws `BackupProblem` where one waits already, and what the disk says.
 */
export async function stageRestore(
  { folder, blobs }: CheckedBackup,
  home: string,
  now: Date,
  onProgress: (done: number, total: number) => void,
): Promise<Stage> {
  const stage = stageFolder(home)
  if (existsSync(stage)) throw waiting(stage)
  const aside = `before-restore-${now.toISOString().replaceAll(/[:.]/g, '-')}`
  const draft = `${stage}.${randomBytes(6).toString('hex')}.part`
  await mkdir(join(draft, backupFiles.blobs), { recursive: true, mode: 0o700 })
  try {
    const files = [backupFiles.database, ...blobs.map((handle) => join(backupFiles.blobs, handle))]
    for (const [index, file] of files.entries()) {
      await copyFile(join(folder, file), join(draft, file))
      await sync(join(draft, file), 'r+')
      onProgress(index + 1, files.length)
    }
    await writeFile(join(draft, stageFiles.aside), `${aside}\n`, { mode: 0o600, flush: true })
    await sync(join(draft, backupFiles.blobs), 'r')
    await sync(draft, 'r')
    await rename(draft, stage)
    await sync(home, 'r')
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY') throw waiting(stage)
    throw error
  }
  return { folder: stage, aside: join(home, aside) }
}

function waiting(stage: string): BackupProblem {
  return new BackupProblem(
    `A restore waits in ${stage} already.`,
    'The next hub that starts puts it in place: "bellhop down", then "bellhop up". To give it up, remove that folder.',
  )
}

/** Folders are durable when they are synced too. Windows has no such call for them, and needs none. */
async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  if (flags === 'r' && process.platform === 'win32') return
  const handle = await open(path, flags)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
