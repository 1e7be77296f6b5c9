import { nameKey } from '../../protocol/index.ts'
import { readBody, type Body } from './body.ts'
import type { Caught, Match } from './matching.ts'
import { greetings, narrowers, noTextStarts, pointers, things } from './ordinary-words.ts'
import type { Footing, Row } from './phrase.ts'
import { doubt, type Doubt, type Reading, type Scene } from './reading.ts'
import { judgeRecipient } from './recipient.ts'
import type { Sentence } from './sentence.ts'
import { findSecondCommand } from './second-command.ts'
import { broadcastPhrase, replyPhrase, sendPhrase, shorten } from './suggestions.ts'

type Range = NonNullable<Match['text']>

/** A message to one name or topic. Undefined: it was another phrase after all. */
export function send({ footing = 'firm' }: Row, caught: Caught, range: Range, scene: Scene): Reading | undefined {
  const { sentence, known } = scene
  const body = readBody(sentence, range.from, range.to)
  if (!isWhole(range, body, scene)) return undefined
  const isParted = body.isSetOff || isShort(body) || range.from > caught.next
  // "send rose the keys to claude": whose the text is, and where it begins, nobody can say.
  const trusted = range.to !== undefined && startsWithName(body, known) ? [] : known
  const recipient = judgeRecipient(sentence, caught, { footing, known: trusted, body, isParted })
  if (!('to' in recipient)) {
    const { question, choices, textFrom } = recipient
    const text = textFrom === undefined ? body.text : textBehind(sentence, textFrom)
    const isPronoun = /^(?:him|her|them)$/.test(caught.token.key)
    const phrases = choices.length > 0 ? choices.map((choice) => sendPhrase(choice, text)) : [sendPhrase('NAME', '')]
    return doubt(question, ...(isPronoun ? [replyPhrase(text)] : []), ...phrases)
  }
  const { to } = recipient
  if (isEmpty(body)) return doubt(`What is to be said to ${to}?`, sendPhrase(to, ''))
  return (
    askWhetherTwo(body, scene, (text) => sendPhrase(to, text)) ?? { intent: 'send', to, text: toldText(body, scene) }
  )
}

function startsWithName({ text }: Body, known: readonly string[] = []): boolean {
  const word = nameKey(/^@?([\w-]{1,32})/.exec(text)?.[1] ?? '')
  return known.some((name) => nameKey(name) === word)
}

/** A reply or a broadcast: nobody is named. Undefined: it was another phrase after all. */
export function replyOrBroadcast(
  intent: 'reply' | 'broadcast',
  { footing = 'firm' }: Row,
  range: Range,
  scene: Scene,
): Reading | undefined {
  const { sentence } = scene
  const body = readBody(sentence, range.from, range.to)
  if (!isWhole(range, body, scene)) return undefined
  const phrase = intent === 'reply' ? replyPhrase : broadcastPhrase
  if (isEmpty(body) || pointers.has(body.text.toLowerCase().replace(/[.!?]+$/, ''))) {
    return doubt('What is to be said?', phrase(''))
  }
  const [before = '', first = ''] = [sentence.tokens[range.from - 1]?.key, sentence.tokens[range.from]?.key]
  const isForAll = range.to === undefined && wordsForAll.has(before)
  if (!body.isSetOff && isForAll && narrowers.has(first)) return askWhichOfAll(sentence, range.from)
  if (!body.isSetOff && isDoubtful(footing, body, before, first)) {
    return doubt(`Is this a ${intent}? Then put a colon before the text.`, phrase(body.text))
  }
  return askWhetherTwo(body, scene, phrase) ?? { intent, text: toldText(body, scene) }
}

/** The text must not carry away a command that stands behind it, and none is to be carried out by halves. */
function askWhetherTwo(body: Body, { isCommand }: Scene, phrase: (text: string) => string): Doubt | undefined {
  const second = findSecondCommand(body, isCommand)
  if (!second) return undefined
  const { before, command } = second
  // Lines are put into one in a suggestion: the whole text would not be the same.
  const isOneLine = !body.text.includes('\n')
  const question = `Is "${shorten(command)}" a command of its own? Give one at a time, or put the whole text in quotes.`
  return doubt(question, phrase(before), shorten(command), ...(isOneLine ? [phrase(body.text)] : []))
}

/** Without the question mark of "could you tell rose that it is done?". */
function toldText({ text, isFirm, isQuoted }: Body, { isAskedToTell }: Scene): string {
  return isAskedToTell && !isFirm && !isQuoted && /[^?\s]\s{0,8}\?$/.test(text.slice(-12))
    ? text.slice(0, -1).trimEnd()
    : text
}

/** By the words at both sides of the place where the text begins. */
function isDoubtful(footing: Footing, body: Body, before: string, first: string): boolean {
  if (footing === 'loose') return !isShort(body)
  // "tell all the others": it is for all of something.
  if (footing === 'firm') return /^(?:[@#]?all|them)$/.test(before)
  return !joining.has(before) && (things.has(first) || noTextStarts.has(first))
}

/** "tell everyone in the frontend: hi", "everyone but rose": not for everyone. */
function askWhichOfAll(sentence: Sentence, from: number): Reading {
  const { tokens } = sentence
  const at = tokens[from + 1]?.key === 'the' ? from + 2 : from + 1
  const [word = '', sign] = [tokens[at]?.key, tokens[at + 1]?.key]
  if (sign === ':' && /^(?:in|on|at|from|of)$/.test(tokens[from]?.key ?? '')) {
    const topic = word.startsWith('#') ? word : `#${word}`
    return doubt('Is it for everyone, or for a topic?', sendPhrase(topic, textBehind(sentence, at + 1)))
  }
  return doubt('A broadcast goes to everyone. For some of them there are topics: which is meant?', broadcastPhrase(''))
}

const wordsForAll: ReadonlySet<string> = new Set(
  '@everyone @all #all all everyone everybody else them others agents agent instances instance assistants assistant ais ai'.split(
    ' ',
  ),
)
const joining: ReadonlySet<string> = new Set('that about regarding saying say text says'.split(' '))

/** Whether the phrase has the whole text, and says that it is to be said now. */
function isWhole(range: Range, { isSetOff }: Body, { isWish }: Scene): boolean {
  // Behind a sign the text goes on to the end, whatever is in it: "send rose: say hello to claude".
  return range.to === undefined ? isSetOff || !isWish : !isSetOff && !isWish
}

/** In quotes, or a greeting: no more and no less can be meant. */
function isShort({ text, isQuoted }: Body): boolean {
  return isQuoted || greetings.has((/^[\w-]{1,20}/.exec(text)?.[0] ?? '').toLowerCase())
}

function isEmpty({ text, isSetOff }: Body): boolean {
  return isSetOff ? text === '' : /^[.?!…]{0,8}$/.test(text)
}

/** What is said behind several names or a group: without what joins it, "to" among it. */
function textBehind(sentence: Sentence, from: number): string {
  const { key = '' } = sentence.tokens[from] ?? {}
  return readBody(sentence, key === 'to' || joining.has(key) ? from + 1 : from).text
}
