import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stageFiles } from '../protocol/index.ts'
import { makeToken } from './auth.ts'

/** The files of a home: one hub, one folder. */
export interface Home {
  readonly folder: string
  readonly database: string
  readonly secretFile: string
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
    socket: join(folder, 'hub.sock'),
    blobs: join(folder, 'blobs'),
    about: join(folder, 'hub.json'),
    restore: join(folder, stageFiles.folder),
  }
  try {
    mkdirSync(home.blobs, { recursive: true, mode: 0o700 })
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700)
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
export function keepSecret(home: Home, set: string, replaced: () => void = () => undefined): string {
  const kept = readSecretFile(home)
  if (kept !== undefined && (set === '' || set === kept)) return kept
  if (kept !== undefined) replaced()
  const secret = set || makeToken()
  // Written whole under another name: nobody ever reads half a secret.
  const draft = `${home.secretFile}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, home.secretFile)
  return secret
}

function readSecretFile({ secretFile }: Home): string | undefined {
  if (!existsSync(secretFile)) return undefined
  if (process.platform !== 'win32' && (statSync(secretFile).mode & 0o077) !== 0) chmodSync(secretFile, 0o600)
  return readFileSync(secretFile, 'utf8').trim() || undefined
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
