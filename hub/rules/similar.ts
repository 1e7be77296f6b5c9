import { distance } from 'fastest-levenshtein'
import { nameKey, type AgentName } from '../../protocol/index.ts'

/** Suggestions at most: more would be a list, not a hint. */
const most = 3

/** Known names that a mistyped one may have meant, the likeliest first [D-7]. */
export function similarNames(wanted: AgentName, known: readonly AgentName[]): AgentName[] {
  const key = nameKey(wanted)
  return known
    .map((name) => ({ name, edits: editsBetween(key, nameKey(name)) }))
    .filter(({ edits }) => edits > 0 && edits <= Math.max(1, Math.floor(key.length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ name }) => name)
}

/** Leaving off the end of a name, as in "rose" for "rose-debugging", counts as one slip. */
function editsBetween(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= 3 && long.startsWith(short) && /[-_]/.test(long[short.length] ?? '')) return 1
  return distance(a, b)
}
