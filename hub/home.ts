import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { stageFiles } from '../protocol/index.ts'
import { makeToken } from './auth.ts'

/** The files of a home: one hub, one folder. */
export interface Home {
  readonly folder: string
  readonly database: string
  readonly secretFile: string
  /** Secrets before that one, whose time of grace lasts. */
  readonly formerSecrets: string
  readonly socket: string
  readonly blobs: string
  /** Where the running hub says who and where it is. */
  readonly about: string
  /** A restore that waits to be put in place. */
  readonly restore: string
}

/** The hub cannot use its home: `message` says why and what to do. */
export class HomeError extends Error {
  override readonly name = 'HomeError'
}

/** Makes the folder where it is missing, and closes it to others [S-1]. */
export function prepareHome(folder: string): Home {
  const home: Home = {
    folder,
    database: join(folder, 'bellhop.db'),
    secretFile: join(folder, 'secret'),
    formerSecrets: join(folder, 'secret.former'),
    socket: join(folder, 'hub.sock'),
    blobs: join(folder, 'blobs'),
    about: join(folder, 'hub.json'),
    restore: join(folder, stageFiles.folder),
  }
  try {
    mkdirSync(home.blobs, { recursive: true, mode: 0o700 })
    const { mode, uid } = statSync(folder)
    // Whoever owns the folder can put another secret into it, also where the system lets us use it all the same.
    if (process.getuid && uid !== process.getuid()) throw new Error(`it belongs to the user with the number ${uid}`)
    if ((mode & 0o077) !== 0) chmodSync(folder, 0o700)
  } catch (error) {
    throw new HomeError(
      `The home ${folder} cannot be used (${error instanceof Error ? error.message : String(error)}). Set BELLHOP_HOME to a folder of your own.`,
    )
  }
  return home
}

/**
 * The secret in force [S-2]: the one that was set, or this home's own, made at first start. The file
 * (0600) always holds it, so that programs of the same user find it whatever their environment says.
 * Only for the hub that holds the home's lock.
 */
export function keepSecret(home: Home, set: string, replaced: () => void): { secret: string; made: boolean } {
  const kept = readPrivately(home.secretFile)
  if (kept !== undefined && (set === '' || set === kept)) return { secret: kept, made: false }
  if (kept !== undefined) replaced()
  const secret = set || makeToken()
  writePrivately(home.secretFile, `${secret}\n`)
  return { secret, made: kept === undefined }
}

/** Writes a file that its user alone can read: whole under another name, so that nobody ever reads half of it. */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  renameSync(draft, file)
  if (process.platform === 'win32') return
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Reads such a file, and closes it to others where it was not. Undefined where there is none, or nothing in it. */
export function readPrivately(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  return readFileSync(file, 'utf8').trim() || undefined
}

/** Says who and where the running hub is: for people, and for a second hub that finds the home in use. */
export interface About {
  readonly pid: number
  readonly version: string
  readonly url: string | undefined
  readonly socket: string | undefined
  readonly startedAt: string
  /** Port for clients of claude-ipc-mcp, where there is one. */
  readonly bridge?: number
}

export function writeAbout(home: Home, about: About): void {
  writeFileSync(home.about, `${JSON.stringify(about, null, 2)}\n`, { mode: 0o600 })
}

export function readAbout(home: Home): About | undefined {
  try {
    return JSON.parse(readFileSync(home.about, 'utf8')) as About
  } catch {
    return undefined
  }
}

export function removeAbout(home: Home): void {
  rmSync(home.about, { force: true })
}
