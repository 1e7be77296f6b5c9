import { distance } from 'fastest-levenshtein'
import { Address, AgentName, nameKey, reservedNames } from '../../protocol/index.ts'
import type { Caught } from './matching.ts'
import { functionWords } from './ordinary-words.ts'
import type { Sentence } from './sentence.ts'

/** Signs that may touch the end of a name. Anything else, "bob@home" or "bob/alice", makes it something else. */
const neighbour = /^[\s:,;!?"'`’”»)\].…–—]?$/

/** A name as it was typed, without the "@" that people put before it. */
export interface TypedName {
  readonly name: string
  /** "@" or quotes say that it is one, whatever the word means. */
  readonly isMarked: boolean
  /** Why it can be none, as a question to the person. */
  readonly problem: string | undefined
}

export function typedName({ source }: Sentence, { token, isQuoted }: Caught): TypedName {
  const typed = source.slice(token.start, token.end)
  const name = typed.replace(/^@/, '')
  const isMarked = isQuoted || typed !== name
  // A dot ends a sentence, or joins two words.
  const isWhole = neighbour.test(source[token.end] ?? '') && !/^\.\S/.test(source.slice(token.end, token.end + 2))
  if (isWhole && (AgentName.safeParse(name).success || Address.safeParse(typed).success))
    return { name, isMarked, problem: undefined }
  const shown = JSON.stringify(name.slice(0, 40))
  return {
    name,
    isMarked,
    problem: `${shown} is no name: a name has 1 to 32 letters, digits, "-" or "_". Which is meant?`,
  }
}

/** The name to register, or the question to ask. */
export function ownName(sentence: Sentence, caught: Caught): { readonly name: string } | { readonly question: string } {
  const { name, isMarked, problem } = typedName(sentence, caught)
  if (problem !== undefined) return { question: problem }
  if (name.startsWith('#')) return { question: `"${name}" is a topic. Which name shall it be?` }
  if (reservedNames.includes(nameKey(name)))
    return { question: `"${name}" is reserved, nobody can have that name. Which other shall it be?` }
  if (functionWords.has(nameKey(name)) && !isMarked)
    return { question: `Is "${name}" meant as a name? Put "@" before it.` }
  return { name }
}

/** Known names that are close to one that is not known, the closest first. */
export function namesLike(name: string, known: readonly string[]): string[] {
  const key = nameKey(name)
  return known
    .filter((other) => Address.safeParse(other).success && other.startsWith('#') === name.startsWith('#'))
    .map((other) => ({ other, edits: editsBetween(key, nameKey(other)) }))
    .filter(({ edits }) => edits > 0 && edits <= Math.max(1, Math.floor(key.length / 3)))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 3)
    .map(({ other }) => other)
}

/** Leaving off the end, "rose" for "rose-debugging", is one slip; so are the same letters in another order. */
function editsBetween(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length >= 3 && long.startsWith(short) && /[-_]/.test(long[short.length] ?? '')) return 1
  const areSwapped = a.split('').sort().join('') === b.split('').sort().join('')
  return areSwapped ? Math.min(1, distance(a, b)) : distance(a, b)
}
