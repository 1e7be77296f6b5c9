import { hubName, nameKey, reservedNames } from '../../protocol/index.ts'
import type { Body } from './body.ts'
import type { Caught } from './matching.ts'
import { namesLike, typedName } from './names.ts'
import { auxiliaries, crowds, functionWords, groupWords, labels, things } from './ordinary-words.ts'
import type { Footing } from './phrase.ts'
import type { Sentence, Token } from './sentence.ts'

/** Who gets it, as typed; or what to ask, and whom it may be meant for. */
export type Recipient =
  | { readonly to: string }
  | {
      readonly question: string
      readonly choices: readonly string[]
      /** Where the text begins then, by token. */
      readonly textFrom?: number
    }

/** How a recipient stands in its sentence. */
export interface Setting {
  readonly footing: Footing
  readonly known: readonly string[] | undefined
  /** What is said to it. Undefined: it gets something else than a text. */
  readonly body: Body | undefined
  /** Whether a sign or a joining word parts it from the text, or quotes mark the text as one. */
  readonly isParted: boolean
}

/** A name that is close to one of these may have been meant for all. */
const wordsForAll = ['everyone', 'everybody']
/** What joins names. */
const joints: ReadonlySet<string> = new Set([',', 'and', '&', '+', '/', 'or', 'plus'])
/** As many as are worth naming in a question. */
const mostNames = 5

/** Judges the word where a recipient is expected. Never guesses: what is doubtful comes back as a question. */
export function judgeRecipient(sentence: Sentence, caught: Caught, setting: Setting): Recipient {
  const { footing, known, body, isParted } = setting
  const { name, isMarked, problem } = typedName(sentence, caught)
  const key = nameKey(name)
  const several = severalNames(sentence, caught)
  if (several) {
    const names = several.names.map((each) => `"${each}"`).join(' and ')
    return {
      question: `A message goes to one name or one #topic, and here are ${names}. Which?`,
      choices: several.names,
      textFrom: several.next,
    }
  }
  const group = groupNamed(sentence, caught, isMarked)
  if (group) {
    return { question: `Did you mean the topic ${group.topic}?`, choices: [group.topic], textFrom: group.next }
  }
  if (problem !== undefined) return { question: problem, choices: [] }
  if (functionWords.has(key) && !isMarked) {
    return { question: `Who is meant by "${name}"? Say the name, or a topic with "#" before it.`, choices: [] }
  }
  if (key === hubName || key === 'hub') {
    return { question: `"${name}" is the hub itself, which reads no messages. Who is meant?`, choices: [] }
  }
  if (reservedNames.includes(key.replace('#', ''))) {
    return {
      question: `Is it for everyone? Then say "broadcast". Otherwise, say one name or #topic.`,
      choices: ['everyone'],
    }
  }
  const isKnown = known?.some((other) => nameKey(other) === key) === true
  if (!isKnown) {
    const choices = namesLike(name, [...(known ?? []), ...wordsForAll])
    if (choices.length > 0) {
      return {
        question: `"${name}" is not known. Did you mean ${choices.map((other) => `"${other}"`).join(' or ')}?`,
        choices,
      }
    }
  }
  const isClear = isKnown || isMarked || name.startsWith('#')
  if (body && !isParted && namesMore(sentence, caught)) {
    return { question: `Is it for "${name}" alone? Then put a colon behind the name.`, choices: [name] }
  }
  if (!isClear && (crowds.has(key) || things.has(key))) {
    return { question: `Is "${name}" the name of an agent? Then put "@" before it.`, choices: [`@${name}`] }
  }
  const isStatement = footing === 'noun' && auxiliaries.has(sentence.tokens[caught.next]?.key ?? '')
  if (body && !isParted && !isClear && (footing === 'loose' || isStatement)) {
    return { question: `Is this a message to "${name}"? Then put a colon behind the name.`, choices: [name] }
  }
  return { to: name }
}

/** "alice and bob", "alice, bob and carol:". A comma alone parts a name from its text. */
function severalNames({ source, tokens }: Sentence, caught: Caught): { names: string[]; next: number } | undefined {
  const names = [caught.token]
  let next = caught.next
  for (let at = next; names.length < mostNames; at = next) {
    while (joints.has(tokens[at]?.key ?? '')) at++
    const name = tokens[at]
    if (at === next || name?.kind !== 'word') break
    names.push(name)
    next = at + 1
  }
  const isList = tokens[caught.next]?.key !== ',' || [':', 'that', 'about'].includes(tokens[next]?.key ?? '')
  return names.length > 1 && isList
    ? { names: names.map(({ start, end }) => source.slice(start, end)), next }
    : undefined
}

/** "the frontend team", "frontend team": a group is a topic, and whether it is that one, the person knows. */
function groupNamed(
  { tokens }: Sentence,
  caught: Caught,
  isMarked: boolean,
): { topic: string; next: number } | undefined {
  if (isMarked) return undefined
  const isArticle = ['the', 'our', 'my', 'your', 'their', 'topic', 'channel', 'all'].includes(caught.token.key)
  const words: Token[] = isArticle ? [] : [caught.token]
  for (let next = caught.next; next < caught.next + 4; next++) {
    const token = tokens[next]
    if (token?.kind !== 'word') break
    if (groupWords.has(token.key)) return topicOf(words, next + 1)
    // Without an article, the word for a group stands right behind: "barney the team is here" is a text.
    if (!isArticle) break
    words.push(token)
    if (['topic', 'channel'].includes(caught.token.key)) return topicOf(words, next + 1)
  }
  const [only] = words
  return isArticle && words.length > 0 && only?.key.startsWith('#') ? topicOf([only], caught.next + 1) : undefined
}

function topicOf(words: readonly Token[], next: number): { topic: string; next: number } | undefined {
  const name = words.map(({ key }) => key.replace(/^[#@]/, '')).join('-')
  return /^[\w-]{1,32}$/.test(name) && !functionWords.has(name) ? { topic: `#${name}`, next } : undefined
}

/** "claude code: hello": the second word may belong to the name. */
function namesMore({ source, tokens }: Sentence, { next }: Caught): boolean {
  const [word, sign] = [tokens[next], tokens[next + 1]]
  const isSetOff = word?.kind === 'word' && sign?.key === ':' && sign.start === word.end
  return isSetOff && !labels.has(word.key) && /^\s?$/.test(source[sign.end] ?? '')
}
