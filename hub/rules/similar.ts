import { distance } from 'fastest-levenshtein'
import { nameKey, type AgentName } from '../../protocol/index.ts'

/** Suggestions at most: more would be a list, not a hint. */
const most = 3

/** A name, and what it is compared by. */
export interface KnownName {
  readonly name: AgentName
  readonly key: string
}

export function knownNames(names: readonly AgentName[]): KnownName[] {
  return names.map((name) => ({ name, key: nameKey(name) }))
}

/** Known names that a mistyped one may have meant, the likeliest first [D-7]. */
export function similarNames(wanted: AgentName, known: readonly KnownName[]): AgentName[] {
  const key = nameKey(wanted)
  const limit = Math.max(1, Math.floor(key.length / 3))
  const found: { readonly name: AgentName; readonly edits: number }[] = []
  for (const { name, key: other } of known) {
    const edits = editsBetween(key, other, limit)
    if (edits > 0 && edits <= limit) found.push({ name, edits })
  }
  return found
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ name }) => name)
}

/** Leaving off the end of a name, as in "rose" for "rose-debugging", counts as one slip. Beyond the limit, any number above it. */
function editsBetween(a: string, b: string, limit: number): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= 3 && long.startsWith(short) && /[-_]/.test(long[short.length] ?? '')) return 1
  const apart = long.length - short.length
  return apart > limit ? apart : distance(a, b)
}
