import { AgentName, nameKey } from '../../protocol/index.ts'
import { ClientError } from './client.ts'
import { refusedHere } from './failures.ts'

/** The keys that own names on one hub [S-3]. The functions throw `ClientError`. */
export interface Keys {
  /** The key of a valid name, made at first use. `made`: just now. */
  obtain(name: string): { readonly key: string; readonly made: boolean }
  /** After a rename. A key that the new name had here before is void, and replaced. */
  move(from: string, to: string): void
  remove(name: string): void
}

/** The part of the standard `Storage` that keeps keys: `localStorage`, or a program's own. */
export interface TextStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const wellFormed = /^[A-Za-z0-9_-]{43}$/
const keyBytes = 32

/** A new key [P-10]: 32 random bytes as base64url. */
export function makeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** Whether this is a key, and not what damage has left of one. */
export function isKey(text: string): boolean {
  return wellFormed.test(text)
}

/** Keys in a storage, apart for each hub: a hub must not learn the key of a name on another one. */
export function storedKeys(storage: TextStorage, hub: string): Keys {
  const entry = (name: string): string => `bellhop key of ${nameKey(name)} at ${hub}`
  const read = (name: string): string | undefined => {
    const key = storage.getItem(entry(name))
    if (key === null || isKey(key)) return key ?? undefined
    throw new ClientError({
      reason: 'internal',
      message: `The key of "${name}" that is stored here is damaged.`,
      next: 'Register under another name, or clear what this program has stored.',
    })
  }
  return {
    obtain: (name) =>
      stored(() => {
        const held = read(name)
        if (held !== undefined) return { key: held, made: false }
        storage.setItem(entry(name), makeKey())
        // Another page of the same origin may have been at it at the same time: both take what stands there now.
        const key = read(name)
        if (key === undefined) throw new Error('what was stored is not there')
        return { key, made: true }
      }),
    move: (from, to) =>
      stored(() => {
        const key = nameKey(from) === nameKey(to) ? undefined : read(from)
        if (key === undefined) return
        storage.setItem(entry(to), key)
        storage.removeItem(entry(from))
      }),
    remove: (name) => stored(() => storage.removeItem(entry(name))),
  }
}

/** Keys that end with the program, and the hold on their names with them. */
export function memoryKeys(): Keys {
  const held = new Map<string, string>()
  const storage: TextStorage = {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  }
  return storedKeys(storage, 'memory')
}

function stored<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ClientError) throw error
    throw new ClientError({
      reason: 'internal',
      message: `The key cannot be kept here (${error instanceof Error ? error.message : String(error)}).`,
      next: 'Allow this program to store data, and make room for it.',
    })
  }
}

/** Checked here as well, since the name becomes the name of what is stored. Throws `ClientError`. */
export function validName(name: string): AgentName {
  const checked = AgentName.safeParse(name)
  if (!checked.success) throw refusedHere('name_invalid', `"${name.slice(0, 64)}" is not a valid name.`)
  return checked.data
}
