import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** The secret of this home, made at first start, 0600 [S-2]. */
export function readOrMakeSecret(home: Home): string {
  if (!existsSync(home.secretFile)) {
    // Written whole under another name and then linked: nobody ever reads half a secret, and of two
    // hubs that start at once the first one's stays.
    const draft = `${home.secretFile}.${process.pid}`
    writeFileSync(draft, `${makeToken()}\n`, { mode: 0o600, flag: 'wx' })
    try {
      linkSync(draft, home.secretFile)
    } catch (error) {
      if (!isExists(error)) throw error
    } finally {
      rmSync(draft)
    }
  }
  if (process.platform !== 'win32' && (statSync(home.secretFile).mode & 0o077) !== 0) {
    chmodSync(home.secretFile, 0o600)
  }
  const secret = readFileSync(home.secretFile, 'utf8').trim()
  if (secret.length < 16) {
    throw new HomeError(
      `${home.secretFile} is empty or too short. Delete it and start the hub again to get a new secret.`,
    )
  }
  return secret
}

/** Says who and where the running hub is: for people, and for a second hub that finds the home in use. */
export interface About {
  readonly pid: number
  readonly version: string
  readonly url: string | undefined
  readonly socket: string | undefined
  readonly startedAt: string
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

function isExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
