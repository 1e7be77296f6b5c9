import type { TextStorage } from '../../client/portable.ts'

/** What this browser keeps for the person, beside the keys of names. */
export interface Visit {
  readonly url: string
  readonly name: string
  /** Only where the person asked for it. */
  readonly secret?: string | undefined
}

const entry = 'bellhop last visit'

/** The browser's storage; where it is forbidden, one that ends with the page. */
export function openStorage(): { readonly storage: TextStorage; readonly lasting: boolean } {
  try {
    const storage = window.localStorage
    storage.setItem('bellhop trial', '')
    storage.removeItem('bellhop trial')
    return { storage, lasting: true }
  } catch {
    const held = new Map<string, string>()
    const storage: TextStorage = {
      getItem: (key) => held.get(key) ?? null,
      setItem: (key, value) => void held.set(key, value),
      removeItem: (key) => void held.delete(key),
    }
    return { storage, lasting: false }
  }
}

export function rememberVisit(storage: TextStorage, { url, name, secret }: Visit): void {
  storage.setItem(entry, JSON.stringify({ url, name, secret }))
}

/** The last visit, as far as it can be read. */
export function recallVisit(storage: TextStorage): Partial<Visit> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(entry) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(Object.entries(kept).filter(([, value]) => typeof value === 'string'))
  } catch {
    return {}
  }
}
