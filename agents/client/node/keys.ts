import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nameKey } from '../../../protocol/index.ts'
import { ClientError } from '../client.ts'
import { isKey, makeKey, type Keys } from '../keys.ts'

/**
 * Keys as files that their user alone can read: 0600, in a 0700 folder, `<home>/keys`, or in a folder below it for a hub that is not the local default: names of two
 * hubs have nothing to do with each other, and a hub must not learn the key of a name on another one.
 * `hub` gives that folder's name. The functions throw `ClientError`.
 */
export function openKeys(home: string, hub: () => string | undefined): Keys {
  const folder = (): string => join(home, 'keys', hub() ?? '')
  const fileOf = (name: string): string => join(folder(), nameKey(name))

  return {
    obtain(name) {
      const file = fileOf(name)
      return onDisk(file, () => {
        const held = read(file)
        if (held !== undefined) return { key: held, made: false }
        mkdirSync(folder(), { recursive: true, mode: 0o700 })
        const made = publish(file)
        return { key: read(file) ?? '', made }
      })
    },
    move(from, to) {
      if (nameKey(from) === nameKey(to)) return
      onDisk(fileOf(from), () => {
        if (read(fileOf(from)) !== undefined) renameSync(fileOf(from), fileOf(to))
      })
    },
    remove(name) {
      onDisk(fileOf(name), () => rmSync(fileOf(name), { force: true }))
    },
  }
}

/**
 * A new key under its final name, whole or not at all: written beside it and then linked, so that of two
 * processes that start at once the first one's key stands, and both read the same. False for the second.
 */
function publish(file: string): boolean {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, makeKey(), { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

function read(file: string): string | undefined {
  try {
    const key = readFileSync(file, 'utf8').trim()
    if (isKey(key)) return key
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  throw new ClientError({
    reason: 'internal',
    message: `The key in ${file} is damaged.`,
    next: 'Restore that file from a backup; or delete it and register under another name.',
  })
}

function onDisk<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ClientError) throw error
    throw new ClientError({
      reason: 'internal',
      message: `The key file ${file} cannot be used (${codeOf(error) ?? String(error)}).`,
      next: 'Make that folder writable for this user, or set BELLHOP_HOME to a folder that is.',
    })
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
