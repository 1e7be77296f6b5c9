import { carryOut } from './carry-out.ts'
import { loadGrammar } from './grammar.ts'
import { Matcher } from './matching.ts'
import type { Reading } from './reading.ts'
import { readSentence, type Sentence } from './sentence.ts'
import { suggest } from './suggestions.ts'
import type { SayContext, Understanding } from './understanding.ts'

interface Start {
  readonly at: number
  readonly isWish: boolean
  readonly isAskedToTell: boolean
}

/** "Hey bellhop, could you please kindly …": more courtesies than this nobody has. */
const mostCourtesies = 12
/** Signs that may end a command, smileys among them. */
const closingSign = /^(?:[.,;:!?…)]|\p{Extended_Pictographic}|\u{FE0F})$/u

/**
 * Understands what a person types, in English: the phrases of `own-phrases.ts` and `mail-phrases.ts`, with courtesies around them and
 * slips in their own words. What is no command, or leaves a doubt about who is meant, comes back as
 * `unknown` with suggestions, and with a question where there is one: nothing is to be done then. Never
 * throws, and looks at no more than the ends of a long text.
 */
export function understand(text: string, context: SayContext = {}): Understanding {
  const reading = read(text, context)
  if (reading.intent !== 'doubt') return reading
  const { question, examples } = reading
  const isUnderstood = (phrase: string): boolean => read(phrase, context).intent !== 'doubt'
  const suggestions = suggest(readSentence(text), examples, context.names, isUnderstood)
  return { intent: 'unknown', ...(question !== undefined && { question }), suggestions }
}

/** `isCommand` looks at a part of the text by itself, and no deeper. */
function read(
  text: string,
  context: SayContext,
  isCommand = (typed: string): boolean => read(typed, context, () => false).intent !== 'doubt',
): Reading {
  const sentence = readSentence(text)
  const { rows, vocabulary } = loadGrammar()
  const matcher = new Matcher(sentence, vocabulary)
  const starts = findStarts(sentence, matcher)
  const isDone = (at: number): boolean => isEnd(sentence, matcher, at)
  for (const { row, forms } of rows) {
    for (const form of forms) {
      for (const { at, ...manner } of starts) {
        const match = matcher.match(form, at, isDone)
        const reading = match && carryOut(row, match, { sentence, known: context.names, isCommand, ...manner })
        if (reading) return reading
      }
    }
  }
  return { intent: 'doubt', examples: [] }
}

/** Where the command may begin: at the start, and behind each courtesy. The last comes first. */
function findStarts({ tokens }: Sentence, matcher: Matcher): Start[] {
  const { courtesy, wish, asked, telling } = loadGrammar()
  const starts: Start[] = [{ at: 0, isWish: false, isAskedToTell: false }]
  for (let [last] = starts; last && starts.length < mostCourtesies; [last] = starts) {
    const [polite, wished] = [matcher.reach(courtesy, last.at), matcher.reach(wish, last.at)]
    let at = Math.max(polite, wished)
    if (at === last.at) break
    while (/^[,.;!?…–—-]$/.test(tokens[at]?.key ?? '')) at++
    const isAsked = tokens.slice(0, at).some((_, index) => matcher.reach(asked, index) > index)
    const isAskedToTell = isAsked && matcher.reach(telling, at) > at
    starts.unshift({ at, isWish: last.isWish || wished > polite, isAskedToTell })
  }
  return starts
}

/** Whether nothing but thanks and signs follow. */
function isEnd({ tokens }: Sentence, matcher: Matcher, from: number): boolean {
  for (let at = from; at < tokens.length;) {
    const next = closingSign.test(tokens[at]?.key ?? '') ? at + 1 : matcher.reach(loadGrammar().thanks, at)
    if (next === at) return false
    at = next
  }
  return true
}
