import { nameKey, reservedNames } from '../../protocol/index.ts'
import { functionWords } from './ordinary-words.ts'
import { table } from './phrases.ts'
import type { Sentence } from './sentence.ts'
import { correctionsOf } from './typos.ts'

/** More would be a manual, not a hint. */
const mostSuggestions = 3
/** Words at the start of a sentence that say which phrase it is close to. */
const wordsCompared = 12
/** Characters of a text that are repeated in a suggestion. */
const excerptLength = 80
/** Known names among which one for an example is looked for. */
const namesTried = 20
/** Stands in for a name where no known one can. */
const someName = 'claude'
/** For sentences that are close to nothing. */
const firstSteps = ['msg NAME: hello', 'msgs?', "who's online?"]

/** "everyone" is said with a broadcast. */
export function sendPhrase(to: string, text: string): string {
  return to.startsWith('every') ? broadcastPhrase(text) : `msg ${to}: ${shorten(text) || 'hello'}`
}

export function broadcastPhrase(text: string): string {
  return `broadcast: ${shorten(text) || 'hello'}`
}

export function replyPhrase(text: string): string {
  return `reply: ${shorten(text) || 'hello'}`
}

/** The start of a text, in one line. */
export function shorten(text: string): string {
  const start = text.slice(0, excerptLength)
  const line = start.replaceAll(/\s+/g, ' ').trim()
  return start === text ? line : `${line}…`
}

/**
 * Phrases that would be understood: the examples if there are any, otherwise those that share words with the
 * sentence. "NAME" in them becomes a known name.
 */
export function suggest(
  sentence: Sentence,
  examples: readonly string[],
  names: readonly string[] = [],
  isUnderstood: (phrase: string) => boolean,
): string[] {
  const isName = (each: string): boolean => !reservedNames.includes(nameKey(each)) && isUnderstood(`msg ${each}: hello`)
  const name = names.slice(0, namesTried).find(isName) ?? someName
  const good = (phrases: readonly string[]): string[] =>
    [...new Set(phrases.map((phrase) => phrase.replace('NAME', () => name)))].filter(isUnderstood)
  const own = good(examples)
  return (own.length > 0 ? own : good([...closest(sentence), ...firstSteps])).slice(0, mostSuggestions)
}

/** The examples that share most words with the sentence. */
function closest({ tokens }: Sentence): string[] {
  const typed = tokens
    .filter(({ kind }) => kind === 'word')
    .slice(0, wordsCompared)
    .flatMap(({ key }) => [key, ...correctionsOf(key)])
  const telling = new Set(typed.filter((word) => !functionWords.has(word)))
  return table
    .flatMap(({ intent, examples = [] }) => (intent === 'ask' ? [] : examples))
    .map((example) => {
      const words = example.match(/[a-z']+/g) ?? []
      const shared = words.filter((word) => telling.has(word)).length
      return { example, shared, strange: words.length - shared }
    })
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.strange - b.strange)
    .map(({ example }) => example)
}
