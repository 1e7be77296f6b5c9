import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import process from 'node:process'
import { InstallProblem } from './problem.ts'

/** A file as it was when it was read. */
export interface Snapshot {
  readonly path: string
  /** Where it really is: `path` may be a link into a repository of configurations. */
  readonly target: string
  /** Undefined: there is none. */
  readonly bytes: Buffer | undefined
}

/** Only for its user: registrations may hold keys, and somebody will put one in. */
const newFileMode = 0o600

export function readSnapshot(path: string): Snapshot {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true)
    return { path, target: path, bytes: read(path) }
  if (!existsSync(path)) {
    throw new InstallProblem(
      `${path} is a link to a file that is not there.`,
      'Make that file or remove the link, then run this again.',
    )
  }
  return { path, target: realpathSync(path), bytes: read(path) }
}

/** The text of a file that is there, or none. Throws `InstallProblem` where it is none that can be kept as it is. */
export function textOf({ path, bytes }: Pick<Snapshot, 'path' | 'bytes'>): string {
  if (!bytes) return ''
  const next = 'Save it as UTF-8 without a byte order mark, then run this again.'
  if (bytes.subarray(0, 3).equals(byteOrderMark)) {
    throw new InstallProblem(`${path}, line 1: it begins with a byte order mark. The file was left as it is.`, next)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InstallProblem(`${path} is not UTF-8. The file was left as it is.`, next)
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** Throws `InstallProblem` where the file is another one than was read. */
export function assertUnchanged({ path, target, bytes }: Snapshot): void {
  if (hashOf(read(target)) === hashOf(bytes)) return
  throw new InstallProblem(
    `${path} was changed by another program in the meantime; it was left as it is now.`,
    'Run this again. Should it happen again, close the assistant first.',
  )
}

/** Replaces a file as a whole or not at all, keeping its mode; undefined deletes it. */
export function writeSnapshot(snapshot: Snapshot, bytes: Buffer | undefined): void {
  const { target } = snapshot
  if (!bytes) {
    assertUnchanged(snapshot)
    rmSync(target, { force: true })
    return
  }
  mkdirSync(dirname(target), { recursive: true })
  const mode = statSync(target, { throwIfNoEntry: false })?.mode ?? newFileMode
  replaceFile(target, bytes, mode & 0o7777, () => assertUnchanged(snapshot))
}

/** Through a draft beside it; `check` is asked last, and may throw. */
export function replaceFile(target: string, bytes: Buffer, mode: number, check: () => void = () => {}): void {
  const draft = `${target}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    const file = openSync(draft, 'wx', mode)
    try {
      writeFileSync(file, bytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    // The mask of this process has been at the mode of a new file.
    chmodSync(draft, mode)
    check()
    renameSync(draft, target)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The folders that have to be made for a file, the outermost first. */
export function missingFolders(path: string): string[] {
  const folder = dirname(path)
  return existsSync(folder) || folder === path ? [] : [...missingFolders(folder), folder]
}

/** SHA-256, hexadecimal; undefined where there is no file. */
export function hashOf(bytes: Buffer | undefined): string | undefined {
  return bytes && createHash('sha256').update(bytes).digest('hex')
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOENT') return undefined
    throw new InstallProblem(`${path} cannot be read (${code}).`, 'Make it a file that this user may read and write.')
  }
}
